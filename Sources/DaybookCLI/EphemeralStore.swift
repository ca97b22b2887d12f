/// A place for a store that lives in memory: a folder of the system's memory file system where there is one, else among
/// temporary files. Its key ring lies beside it and goes with it.
struct EphemeralStore {
  private let folder: String

  init() throws(SystemFailure) {
    let memory = "/dev/shm"
    folder = try Folders.makeTemporary(in: Folders.isFolder(memory) ? memory : Process.environment["TMPDIR"] ?? "/tmp")
  }

  var path: String { "\(folder)/store" }

  /// This process's environment, but for where key rings are.
  var environment: [String: String] {
    Process.environment.merging(["DAYBOOK_KEYS_FILE": "\(folder)/keys.json"]) { $1 }
  }

  func remove() { Folders.removeAll(folder) }
}
