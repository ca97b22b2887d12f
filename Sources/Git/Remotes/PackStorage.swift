/// How a transfer between folders gets at the packs of a repository: files are the business of whoever asks for one.
///
/// A folder of objects is what Git calls `objects`.
package protocol PackStorage {
  /// The packs of a folder of objects and of those that it borrows from, opened: they stay readable when they are taken
  /// away. It may be some of them only; what they do not hold is read by libgit2.
  ///
  /// - Parameter indexBytes: How much reading their indexes may come to; for more it is none of them.
  func packs(of objects: String, indexBytes: Int) throws -> [PackFile]

  /// Adds a pack. Nobody sees any of it before it is whole, proven and on the disk, with its index.
  ///
  /// - Parameters:
  ///   - write: Hands on the bytes of the pack, one after the other.
  ///   - prove: Reads them back, and answers the pack with its index; what it throws is why there is to be none.
  /// - Returns: What `prove` answered.
  @discardableResult
  func add(
    to objects: String, _ write: (_ sink: @escaping ([UInt8]) throws -> Void) throws -> Void,
    prove: (ByteSource) throws -> PackFile
  ) throws -> PackFile
}
