import Crypto

/// Makes libgit2 end its walks at a horizon, by a commit graph that says of the commits there that they have no parents.
///
/// libgit2 1.5 does not know of `shallow`: its walks, also those of fetches and pushes, fail at the first parent that is
/// missing. But it believes Git's commit graph, a file that saves both from reading commits, before the commits themselves.
/// Git leaves that file alone wherever there is a `shallow`, neither reading nor writing it.
///
/// ```
/// CGPH 1 1 <chunks> 0         magic, version, SHA-1, and that it builds on no other file
/// OIDF OIDL CDAT, end         the table of chunks: name and offset of each
/// OIDF                        how many ids begin with at most 0, 1, … 255
/// OIDL                        the ids in their order
/// CDAT                        of each: tree, two parents, generation and time
/// SHA-1 of all that
/// ```
package enum HorizonGraph {
  private static let names = ["OIDF", "OIDL", "CDAT"]
  private static let headSize = 8
  private static let rowSize = 12
  private static let noParent: UInt32 = 0x7000_0000
  /// Times take 34 bits.
  private static let mostSeconds: Int64 = (1 << 34) - 1

  /// - Parameter commit: Reads a commit.
  package static func file(
    of horizon: Horizon, reading commit: (ObjectID) throws(GitError) -> Commit
  ) throws(GitError) -> [UInt8] {
    let ids = horizon.borders.sorted()
    let chunks = [fanout(ids), ids.flatMap(\.bytes), try data(ids, commit)]
    var file = Array("CGPH".utf8) + [1, 1, UInt8(names.count), 0]
    var offset = headSize + rowSize * (names.count + 1)
    for (name, chunk) in zip(names, chunks) {
      file += Array(name.utf8)
      append(offset, to: &file)
      offset += chunk.count
    }
    file += [0, 0, 0, 0]
    append(offset, to: &file)
    for chunk in chunks { file += chunk }
    return file + Insecure.SHA1.hash(data: file)
  }

  private static func fanout(_ ids: [ObjectID]) -> [UInt8] {
    var chunk: [UInt8] = []
    var count = 0
    for first in UInt8.min...UInt8.max {
      while count < ids.count, ids[count].bytes[0] <= first { count += 1 }
      appendBigEndian(UInt32(count), to: &chunk)
    }
    return chunk
  }

  private static func data(
    _ ids: [ObjectID], _ commit: (ObjectID) throws(GitError) -> Commit
  ) throws(GitError) -> [UInt8] {
    var chunk: [UInt8] = []
    for id in ids {
      let commit = try commit(id)
      chunk += commit.tree.bytes
      appendBigEndian(noParent, to: &chunk)
      appendBigEndian(noParent, to: &chunk)
      // The generation, in the bits above the time, is left at "not known": commits outside the graph have that as well.
      append(Int(max(0, min(commit.committer.seconds, mostSeconds))), to: &chunk)
    }
    return chunk
  }

  private static func append(_ value: Int, to bytes: inout [UInt8]) {
    appendBigEndian(UInt32(value >> 32), to: &bytes)
    appendBigEndian(UInt32(truncatingIfNeeded: value), to: &bytes)
  }
}
