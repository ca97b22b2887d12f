import Git
import Storage

/// The names of the packs that are condensed, and the file in which they are kept, one a line.
///
/// Nothing depends on it being right: a pack that is missing here is condensed once more, one that is here in vain is not
/// improved, and names of packs that are gone do no harm. So it is not synced, and what is no name is passed over.
struct CondensedPacks {
  let fileSystem: any FileSystem
  let path: String
  private(set) var names: Set<String> = []

  init(fileSystem: any FileSystem, path: String) {
    self.fileSystem = fileSystem
    self.path = path
    guard let bytes = try? fileSystem.read(path) else { return }
    names = Set(
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { ObjectID(hex: $0) != nil }.map(String.init)
    )
  }

  /// Adds a name, and forgets those that are not `present`.
  mutating func add(_ name: String, present: Set<String>) throws(FileError) {
    names = names.intersection(present).union([name])
    let bytes = Array(names.sorted().map { $0 + "\n" }.joined().utf8)
    try fileSystem.atomicallyReplace(path, with: bytes.span, durable: false)
  }
}
