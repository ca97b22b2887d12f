import Git
import Storage

/// The index as a file, so that opening a store reads it instead of its history.
///
/// Content: `DAYBOOKI` and a version digit, the fingerprint of the kinds (with others it is of no use), the
/// commit that it is true for, that commit's sequence (8 bytes), the pages of the tree, zeros up to a multiple of eight,
/// and a checksum over all that (8 bytes). It is a cache: whatever is wrong with it, the answer is nil and the index is
/// made from the commits.
struct IndexSnapshotFile {
  struct Content {
    /// Without its kinds, which the file only names.
    var index: Index
    var kinds: ObjectID
    var head: ObjectID
    var sequence: UInt64
  }

  private static let magic = Array("DAYBOOKI4".utf8)
  private static let headerSize = magic.count + 2 * ObjectID.byteCount + 8
  private static let checksumSize = 8
  private static let checksumSeed: UInt64 = 0x1D5

  let path: String
  let fileSystem: any FileSystem

  func read() -> Content? {
    guard let bytes = try? fileSystem.read(path), bytes.count % 8 == 0, bytes.starts(with: Self.magic),
      bytes.count >= Self.headerSize + Self.checksumSize
    else { return nil }
    let end = bytes.count - Self.checksumSize
    let checksum = logChecksum(bytes.span.extracting(0..<end), seed: Self.checksumSeed)
    guard Index.number(in: bytes[end...]) == checksum else { return nil }
    let kinds = ObjectID(bytes, at: Self.magic.count)
    let head = ObjectID(bytes, at: Self.magic.count + ObjectID.byteCount)
    let sequence = Index.number(in: bytes[(Self.headerSize - 8)..<Self.headerSize])
    let padding = Int(bytes[end - 1])
    guard padding <= 8, end - padding >= Self.headerSize,
      let tree = BTree(pages: bytes.span.extracting(Self.headerSize..<(end - padding)))
    else { return nil }
    return Content(index: Index(tree: tree), kinds: kinds, head: head, sequence: sequence)
  }

  func write(_ index: Index, head: ObjectID, sequence: UInt64) throws(FileError) {
    var bytes = Self.magic
    bytes.reserveCapacity(index.tree.count * 64 + 4096)
    index.kinds.fingerprint.append(to: &bytes)
    head.append(to: &bytes)
    Index.append(sequence, to: &bytes)
    index.tree.forEachPage { page in
      for index in page.indices { bytes.append(page[index]) }
    }
    // The last byte of the padding is its length.
    let padding = 8 - bytes.count % 8
    bytes.append(contentsOf: repeatElement(UInt8(padding), count: padding))
    Index.append(logChecksum(bytes.span, seed: Self.checksumSeed), to: &bytes)
    try fileSystem.atomicallyReplace(path, with: bytes.span, durable: false)
  }
}
