import Documents
import Git
package import Storage

/// Makes a new store: a Git repository with a manifest, kinds, example documents, and a key ring outside of it.
struct StoreCreation {
  let root: String
  let options: StoreOptions
  let fileSystem: any FileSystem

  func create(withTemplate: Bool) throws(StoreError) {
    try checkAbsent()
    let manifest = Manifest(storeID: Clock.system.makeID().text)
    // The ring comes first: where it cannot be made, no half of a store is to be in the way of the next try.
    try making { try fileSystem.makeDirectory(root) }
    try KeyRingFile(storeID: manifest.storeID, environment: options.environment, fileSystem: fileSystem).create(
      created: Timestamp(milliseconds: Clock.system.milliseconds()).text)
    try making {
      try StoreAssembly(root: root, fileSystem: fileSystem).makeRepository()
      try fileSystem.atomicallyReplace("\(root)/\(StoreLayout.manifest)", with: manifest.text.bytes.span, durable: true)
      // libgit2 leaves a new repository to the kernel: without this a power cut takes it away again.
      try fileSystem.syncFileSystem(root)
    }
    try writeFirstCommit(manifest, withTemplate)
  }

  private func making(_ body: () throws -> Void) throws(StoreError) {
    do {
      try body()
    } catch {
      throw StoreError(
        .unavailable, "The store could not be made in \(root).", hint: "Check who owns the folder, and the disk.",
        cause: error)
    }
  }

  private func checkAbsent() throws(StoreError) {
    for name in [StoreLayout.manifest, StoreLayout.git] where (try? fileSystem.exists("\(root)/\(name)")) == true {
      throw StoreError(
        .refused,
        name == StoreLayout.manifest
          ? "\(root) is a store already." : "\(root) is a Git repository already, and a store wants one of its own.",
        hint: name == StoreLayout.manifest ? "`daybook -C \(root) status` shows it." : "Choose another folder.")
    }
  }

  private func writeFirstCommit(_ manifest: Manifest, _ withTemplate: Bool) throws(StoreError) {
    let store = try StoreOpening(root: root, options: options, fileSystem: fileSystem, clock: .system).open()
    do {
      try store.transactionBlocking(message: "store created", origin: .store) { transaction in
        try transaction.setFile(StoreLayout.manifest, to: manifest.text.bytes)
        for file in BundledFiles.schemas {
          try transaction.setFile("\(StoreLayout.schemas)/\(file.name)", to: file.bytes)
        }
        for file in BundledFiles.template where withTemplate || file.name.hasPrefix(".") {
          try transaction.setFile(file.name, to: file.bytes)
        }
      }
      try store.closeBlocking()
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The first commit could not be made.", cause: error)
    }
  }
}

extension Store {
  /// Makes a new store in a folder that is not there yet, or holds neither a store nor a Git repository.
  ///
  /// - Parameter withTemplate: Also puts the example documents into it.
  /// - Returns: Where its key ring is. Whoever loses that file loses the store's secrets: it should be backed up.
  @discardableResult
  public static func create(
    at path: String, options: StoreOptions = StoreOptions(), withTemplate: Bool = true
  ) async throws -> String {
    try await Blocking.run { try createBlocking(at: path, options: options, withTemplate: withTemplate) }
  }

  package static func createBlocking(
    at path: String, options: StoreOptions = StoreOptions(), withTemplate: Bool = true,
    fileSystem: any FileSystem = LocalFileSystem()
  ) throws(StoreError) -> String {
    try StoreCreation(root: path, options: options, fileSystem: fileSystem).create(withTemplate: withTemplate)
    let manifest = try StoreOpening(root: path, options: options, fileSystem: fileSystem, clock: .system).readManifest()
    return KeyRing.Location(storeID: manifest.storeID, environment: options.environment).description
  }
}
