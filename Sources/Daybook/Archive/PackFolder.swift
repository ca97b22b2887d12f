import Git
import Storage

/// The folder of packs: how one gets there so that nobody ever sees half of it.
///
/// Order: `.keep`, so that a `git gc` that runs meanwhile leaves the pack alone although no branch reaches it yet; the
/// pack; its index, by which Git knows the pack, last; then the folder is synced, and what is on disk is compared with
/// what was meant. The `.keep` goes when the branch holds the commits.
struct PackFolder {
  let fileSystem: any FileSystem
  /// The `pack` folder.
  let path: String

  private func write(_ pack: (name: String, pack: [UInt8], index: [UInt8])) throws(FileError) {
    let stem = stem(pack.name)
    let nothing: [UInt8] = []
    try fileSystem.atomicallyReplace(stem + ".keep", with: nothing.span, durable: false)
    try fileSystem.atomicallyReplace(stem + ".pack", with: pack.pack.span, durable: true)
    try fileSystem.atomicallyReplace(stem + ".idx", with: pack.index.span, durable: true)
  }

  /// Whether the disk gives back what was written.
  private func holds(_ pack: (name: String, pack: [UInt8], index: [UInt8])) throws(FileError) -> Bool {
    let stem = stem(pack.name)
    guard try fileSystem.read(stem + ".pack") == pack.pack else { return false }
    return try fileSystem.read(stem + ".idx") == pack.index
  }

  /// Writes a pack and sees that the disk has it.
  func put(_ pack: (name: String, pack: [UInt8], index: [UInt8])) throws {
    try write(pack)
    guard try holds(pack) else {
      throw GitError(.damaged, "read back a pack", "the disk gave back something else")
    }
  }

  func release(_ name: String) throws(FileError) {
    try fileSystem.remove(stem(name) + ".keep")
  }

  /// A pack and its index as they are on disk.
  func source(_ name: String) throws -> PackSource {
    let stem = stem(name)
    return try PackSource(pack: fileSystem.read(stem + ".pack"), index: fileSystem.read(stem + ".idx"))
  }

  /// Takes a pack away: its index first, so that Git forgets it before its content goes.
  func remove(_ name: String) throws(FileError) {
    for suffix in [".idx"] + Self.helpers + [".pack", ".keep"] {
      let path = stem(name) + suffix
      if try fileSystem.exists(path) { try fileSystem.remove(path) }
    }
  }

  /// What newer versions of Git put beside a pack to read it quicker.
  private static let helpers = [".rev", ".bitmap"]
  /// What says that a pack is not to be touched: by people, as what unreachable objects wait in, as one that is fetched in
  /// parts.
  private static let guards = [".keep", ".mtimes", ".promisor"]

  struct Pack {
    var name: String
    var bytes: Int
    var indexBytes: Int
    var isKept: Bool
  }

  /// The packs that Git sees, oldest first.
  func packs() throws(FileError) -> [Pack] {
    let names = try fileSystem.list(path)
    let present = Set(names)
    var packs: [(pack: Pack, time: Int64)] = []
    for file in names where file.hasPrefix("pack-") && file.hasSuffix(".idx") {
      let name = String(file.dropFirst(5).dropLast(4))
      guard let status = try fileSystem.status(stem(name) + ".pack"),
        let index = try fileSystem.status(stem(name) + ".idx")
      else { continue }
      let isKept = Self.guards.contains { present.contains("pack-\(name)\($0)") }
      let pack = Pack(name: name, bytes: status.size, indexBytes: index.size, isKept: isKept)
      packs.append((pack, status.modifiedNanoseconds))
    }
    return packs.sorted { $0.time < $1.time }.map(\.pack)
  }

  /// Clears away what a crash left: packs without an index, temporary files, `.keep` files of ours.
  func removeLeftovers() throws(FileError) {
    let names = try fileSystem.list(path)
    let present = Set(names)
    for name in names {
      let isTemporary = name.hasPrefix(".pack-") && name.hasSuffix(".tmp")
      let isOrphan =
        name.hasPrefix("pack-")
        && (Self.helpers + [".pack"]).contains {
          name.hasSuffix($0) && !present.contains(name.dropLast($0.count) + ".idx")
        }
      let status = try fileSystem.status("\(path)/\(name)")
      let isOurKeep = name.hasSuffix(".keep") && status?.size == 0
      if isTemporary || isOrphan || isOurKeep { try fileSystem.remove("\(path)/\(name)") }
    }
  }

  private func stem(_ name: String) -> String { "\(path)/pack-\(name)" }
}
