/// What a commit's content says of other objects, and nothing else of it: for going through many commits.
struct CommitLinks {
  let tree: ObjectID
  let parents: [ObjectID]

  /// Reads `tree <hex>` and the `parent <hex>` lines that follow it.
  init(_ content: [UInt8]) throws(GitError) {
    let length = 2 * ObjectID.byteCount
    func id(_ keyword: StaticString, at start: Int) -> ObjectID? {
      let first = start + keyword.utf8CodeUnitCount
      guard first + length < content.count, content[first + length] == UInt8(ascii: "\n"),
        content[start..<first].elementsEqual("\(keyword)".utf8)
      else { return nil }
      return ObjectID(hex: String(decoding: content[first..<(first + length)], as: UTF8.self))
    }
    guard let tree = id("tree ", at: 0) else { throw GitError(.damaged, "read a commit", "it lacks a tree") }
    var parents: [ObjectID] = []
    var cursor = 5 + length + 1
    while let parent = id("parent ", at: cursor) {
      parents.append(parent)
      cursor += 7 + length + 1
    }
    (self.tree, self.parents) = (tree, parents)
  }
}
