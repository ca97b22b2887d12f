import Git
import Storage

/// The folder of packs: how one gets there so that nobody ever sees half of it.
///
/// Order: `.keep`, so that a `git gc` that runs meanwhile leaves the pack alone although no branch reaches it yet; the
/// pack; its index, by which Git knows the pack, last; then the folder is synced, and what is on disk is compared with
/// what was meant. The `.keep` goes when the branch holds the commits. It carries our mark: people have such files too.
struct PackFolder {
  let fileSystem: any FileSystem
  /// The `pack` folder.
  let path: String

  private func write(_ pack: ComposedPack) throws(FileError) {
    let stem = stem(pack.name)
    let mark = Array(Self.mark.utf8)
    try fileSystem.atomicallyReplace(stem + ".keep", with: mark.span, durable: false)
    try fileSystem.atomicallyReplace(stem + ".pack", with: pack.pack.span, durable: true)
    try fileSystem.atomicallyReplace(stem + ".idx", with: pack.index.span, durable: true)
  }

  /// Whether the disk gives back what was written.
  private func holds(_ pack: ComposedPack) throws(FileError) -> Bool {
    let stem = stem(pack.name)
    guard try fileSystem.read(stem + ".pack", limit: .max) == pack.pack else { return false }
    return try fileSystem.read(stem + ".idx", limit: .max) == pack.index
  }

  /// Writes a pack and sees that the disk has it. What cannot be read back is taken away: nobody must read it.
  func put(_ pack: ComposedPack) throws {
    let isNew = try !fileSystem.exists(stem(pack.name) + ".idx")
    do {
      try write(pack)
      guard try holds(pack) else {
        throw GitError(.damaged, "read back a pack", "the disk gave back something else")
      }
    } catch {
      if isNew { try? remove(pack.name) }
      throw error
    }
  }

  /// Takes a pack with its index from another folder of the same disk, in the order and as durably as `put`. Answers whether
  /// it was not here yet.
  func adopt(_ name: String, from folder: String) throws(FileError) -> Bool {
    guard try !fileSystem.exists(stem(name) + ".idx") else { return false }
    let mark = Array(Self.mark.utf8)
    try fileSystem.atomicallyReplace(stem(name) + ".keep", with: mark.span, durable: false)
    for suffix in [".pack", ".idx"] {
      let source = "\(folder)/pack-\(name)\(suffix)"
      let file = try fileSystem.openToRead(source)
      defer { file.close() }
      try file.syncData()
      try fileSystem.rename(source, to: stem(name) + suffix)
    }
    try fileSystem.syncDirectory(path)
    return true
  }

  func release(_ name: String) throws(FileError) {
    do {
      try fileSystem.remove(stem(name) + ".keep")
    } catch  where error.isMissing {
      // Somebody was faster.
    }
  }

  /// A pack and its index as they are on disk.
  func source(_ name: String) throws -> PackSource {
    let stem = stem(name)
    return try PackSource(
      pack: fileSystem.read(stem + ".pack", limit: .max), index: fileSystem.read(stem + ".idx", limit: .max))
  }

  /// A pack as it is on disk, opened: it stays readable when it is taken away.
  func file(_ name: String) throws -> PackFile {
    let pack = try fileSystem.openToRead(stem(name) + ".pack")
    let index = try fileSystem.read(stem(name) + ".idx")
    return try PackFile(index: index, bytes: ByteSource(count: pack.size()) { try pack.read(at: $0, count: $1) })
  }

  /// What stands where in a pack.
  func layout(_ pack: Pack) throws -> PackLayout {
    try PackLayout(index: fileSystem.read(stem(pack.name) + ".idx"), packBytes: pack.bytes)
  }

  /// Takes a pack away: its index first, so that Git forgets it before its content goes.
  func remove(_ name: String) throws(FileError) {
    // Git's index over several packs would go on naming this one; Git itself drops it in the same case.
    let several = "\(path)/multi-pack-index"
    if try fileSystem.exists(several) { try fileSystem.remove(several) }
    for suffix in [".idx"] + Self.helpers + [".pack", ".keep"] {
      let path = stem(name) + suffix
      if try fileSystem.exists(path) { try fileSystem.remove(path) }
    }
  }

  /// What our `.keep` files hold.
  private static let mark = "daybook: until the branch holds it\n"
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

  /// Clears away what a crash left: temporary files, `.keep` files of ours, and beside those packs without an index. A
  /// pack that lacks both may be one that a Git command is just bringing.
  func removeLeftovers() throws(FileError) {
    let names = try fileSystem.list(path)
    let present = Set(names)
    for name in names where name.hasPrefix(".pack-") && name.hasSuffix(".tmp") {
      try fileSystem.remove("\(path)/\(name)")
    }
    for keep in names where try isOurs(keep) {
      let stem = keep.dropLast(".keep".count)
      for orphan in present.contains(stem + ".idx") ? [] : Self.helpers + [".pack"]
      where present.contains(stem + orphan) {
        try fileSystem.remove("\(path)/\(stem)\(orphan)")
      }
      try fileSystem.remove("\(path)/\(keep)")
    }
  }

  /// Whether this is a `.keep` file of ours.
  private func isOurs(_ name: String) throws(FileError) -> Bool {
    guard name.hasPrefix("pack-"), name.hasSuffix(".keep") else { return false }
    guard try fileSystem.status("\(path)/\(name)")?.size == Self.mark.utf8.count else { return false }
    return try fileSystem.read("\(path)/\(name)") == Array(Self.mark.utf8)
  }

  private func stem(_ name: String) -> String { "\(path)/pack-\(name)" }
}
