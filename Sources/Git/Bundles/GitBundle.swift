/// A Git bundle: refs and a pack of all that they lead to, in one file, as `git bundle` makes and `git clone` takes it.
///
/// ```
/// # v2 git bundle
/// <hex> <name of a ref>        any number of these lines
///
/// PACK…
/// ```
///
/// Lines `-<hex>` before those of the refs name commits that are referred to and not in it: of a history whose beginning
/// went. Git reads such a bundle only into a repository that has them.
package struct GitBundle {
  package let references: [Reference]
  /// What is referred to and not in it.
  package let absent: Set<ObjectID>
  /// The pack, with the index that was made of it.
  package let pack: PackFile
  /// SHA-256 of the whole file, in hexadecimal digits.
  package let sha256: String

  private static let signature = "# v2 git bundle"
  private static let longestLine = 1 << 12
  private static let mostReferences = 100_000

  /// What a bundle with these refs begins with; the pack follows.
  package static func head(_ references: [Reference], lacking absent: Set<ObjectID> = []) -> [UInt8] {
    let lines = [signature] + absent.sorted().map { "-\($0.hex)" } + references.map { "\($0.id.hex) \($0.name)" }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8)
  }

  /// Reads a whole bundle, and proves that it is what it was: see `PackScan`. Each ref leads to an object of the pack.
  package init(
    reading source: ByteSource, onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    var stream = HashedStream(source)
    (absent, references) = try Self.readHead(&stream)
    pack = try PackScan.scan(&stream, of: source, lacking: absent, onProgress: onProgress)
    for reference in references where pack.layout.place(of: reference.id) == nil {
      throw Self.damaged("it lacks the object of \(reference.name)")
    }
    sha256 = stream.sha256
  }

  private static func readHead(_ stream: inout HashedStream) throws -> (absent: Set<ObjectID>, [Reference]) {
    guard try readLine(&stream) == Array(signature.utf8) else {
      throw GitError(.notFound, "read a Git bundle", "it is none")
    }
    var absent: Set<ObjectID> = []
    var references: [Reference] = []
    while true {
      let line = try readLine(&stream)
      if line.isEmpty { return (absent, references) }
      if line.first == UInt8(ascii: "-") {
        // Git writes what the commit is about behind its id.
        let hex = line.dropFirst().prefix(2 * ObjectID.byteCount)
        guard absent.count < mostReferences, let id = ObjectID(hex: String(decoding: hex, as: UTF8.self)) else {
          throw damaged("its list of what it lacks is damaged")
        }
        absent.insert(id)
        continue
      }
      let space = 2 * ObjectID.byteCount
      guard references.count < mostReferences, line.count > space, line[space] == UInt8(ascii: " "),
        let id = ObjectID(hex: String(decoding: line[..<space], as: UTF8.self)), line.starts(with: id.hex.utf8)
      else { throw damaged("its list of refs is damaged") }
      references.append(Reference(String(decoding: line[(space + 1)...], as: UTF8.self), id))
    }
  }

  private static func readLine(_ stream: inout HashedStream) throws -> [UInt8] {
    let next = try stream.peek(longestLine)
    guard let end = next.firstIndex(of: UInt8(ascii: "\n")) else { throw damaged("its list of refs is cut short") }
    let line = Array(next[..<end])
    stream.advance(line.count + 1)
    return line
  }

  private static func damaged(_ reason: String) -> GitError { GitError(.damaged, "read a Git bundle", reason) }
}

extension GitBundle {
  private static let copiedBytes = 1 << 20

  package var objectCount: Int { pack.layout.objectCount }

  /// Hands on the pack's bytes, and sees that they are still those that were proven.
  package func copyPack(to sink: ([UInt8]) throws -> Void) throws {
    var stream = HashedStream(pack.bytes)
    while stream.count - stream.position > ObjectID.byteCount {
      let part = try stream.peek(min(Self.copiedBytes, stream.count - stream.position - ObjectID.byteCount))
      stream.advance(part.count)
      try sink(Array(part))
    }
    let checksum = stream.packChecksum
    let end = try stream.read(ObjectID.byteCount)
    guard checksum == pack.layout.index.packChecksum, end == checksum.bytes else {
      throw Self.damaged("it was changed while it was read")
    }
    try sink(end)
  }
}
