import Git
import Storage

/// A bare repository for the time of one transfer, below `.git/daybook/transfers`. It sees all objects of the store,
/// and what comes lands in it: nothing that was not looked at gets among the store's own.
///
/// Whoever talks to a remote needs to know nothing else of the store, neither its refs nor its configuration.
struct TransferFolder {
  let path: String
  private let fileSystem: any FileSystem

  private static let shallow = "shallow"
  private static let packFolder = "objects/pack"
  private static let graph = "objects/info/commit-graph"
  /// From its own objects to those of the store.
  private static let wayToObjects = "../../../../objects"

  private var packs: String { "\(path)/\(Self.packFolder)" }

  /// - Parameter references: What it is to hold: of a fetch what is known, of a push what is pushed. Its history is cut
  ///   where that of the store is.
  init(root: String, name: String, references: [Reference], fileSystem: any FileSystem) throws(FileError) {
    path = "\(root)/\(StoreLayout.transfers)/\(name)"
    self.fileSystem = fileSystem
    try fileSystem.makeDirectory("\(path)/objects/info", permissions: 0o700)
    try fileSystem.makeDirectory(packs, permissions: 0o700)
    try fileSystem.makeDirectory("\(path)/refs", permissions: 0o700)
    let lines = references.sorted { $0.name < $1.name }.map { "\($0.id.hex) \($0.name)\n" }
    try write("# pack-refs with: sorted \n" + lines.joined(), to: "packed-refs")
    try write("\(Self.wayToObjects)\n", to: "objects/info/alternates")
    try write("[core]\n\trepositoryformatversion = 0\n\tbare = true\n", to: "config")
    try write("ref: refs/heads/none\n", to: "HEAD")
    try copy("\(root)/\(StoreLayout.shallow)", to: Self.shallow)
    try copy("\(root)/\(StoreLayout.commitGraph)", to: Self.graph)
  }

  private func write(_ text: String, to name: String) throws(FileError) {
    try fileSystem.create("\(path)/\(name)", bytes: Array(text.utf8).span, durable: false)
  }

  private func copy(_ file: String, to name: String) throws(FileError) {
    guard try fileSystem.exists(file) else { return }
    let bytes = try fileSystem.read(file)
    try fileSystem.create("\(path)/\(name)", bytes: bytes.span, durable: false)
  }

  /// Where the history of the one at a path was cut, for whoever opens it, in whichever process.
  static func horizon(at path: String) throws -> Horizon {
    let fileSystem: any FileSystem = LocalFileSystem()
    let file = "\(path)/\(shallow)"
    guard try fileSystem.exists(file) else { return .none }
    return try Horizon(parsing: fileSystem.read(file))
  }

  /// Notes where the history was cut of what came to the one at a path.
  static func cut(_ path: String, at horizon: Horizon) throws {
    guard !horizon.isEmpty else { return }
    let fileSystem: any FileSystem = LocalFileSystem()
    let repository = try Repository.open(at: path, staged: StagedObjects())
    let bytes = try HorizonGraph.file(of: horizon) { id throws(GitError) in try repository.commit(id) }
    try fileSystem.create("\(path)/\(shallow)", bytes: horizon.file.span, durable: false)
    try fileSystem.create("\(path)/\(graph)", bytes: bytes.span, durable: false)
  }

  /// Takes away what came to the one at a path, and where it was cut: libgit2 asks for nothing that is there.
  static func empty(_ path: String) throws {
    let fileSystem: any FileSystem = LocalFileSystem()
    let files = try fileSystem.list("\(path)/\(packFolder)").map { "\(packFolder)/\($0)" } + [shallow, graph]
    for file in files where try fileSystem.exists("\(path)/\(file)") { try fileSystem.remove("\(path)/\(file)") }
  }

  /// Moves the packs that came among those of the store; answers their names. They are kept until they are released.
  func handOver(to folder: PackFolder) throws(FileError) -> [String] {
    var names: [String] = []
    for file in try fileSystem.list(packs) where file.hasPrefix("pack-") && file.hasSuffix(".idx") {
      let name = String(file.dropFirst("pack-".count).dropLast(".idx".count))
      if try folder.adopt(name, from: packs) { names.append(name) }
    }
    return names
  }

  /// Removes it with all that is left in it, as far as that can be done: the next opening tries again.
  func remove() {
    try? fileSystem.removeAll(path)
  }

  /// Removes those that a crash left.
  static func removeAll(root: String, fileSystem: any FileSystem) throws(FileError) {
    let path = "\(root)/\(StoreLayout.transfers)"
    if try fileSystem.exists(path) { try fileSystem.removeAll(path) }
  }
}
