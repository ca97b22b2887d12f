/// The content of a commit object.
///
/// ```
/// tree <hex>
/// parent <hex>            none for the first commit, several for a merge
/// author <name> <<email>> <seconds> +0000
/// committer <name> <<email>> <seconds> +0000
///
/// <message>
/// ```
package struct Commit: Hashable, Sendable {
  package var tree: ObjectID
  package var parents: [ObjectID]
  package var author: Signature
  package var committer: Signature
  package var message: String

  package init(tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: String) {
    self.tree = tree
    self.parents = parents
    self.author = author
    self.committer = committer
    self.message = message
  }

  /// The object: the same bytes, hence the same id, on every machine.
  package var object: GitObject {
    var content: [UInt8] = []
    content.reserveCapacity(256 + message.utf8.count)
    content.append(contentsOf: "tree ".utf8)
    content.append(contentsOf: tree.hexBytes)
    for parent in parents {
      content.append(contentsOf: "\nparent ".utf8)
      content.append(contentsOf: parent.hexBytes)
    }
    content.append(contentsOf: "\nauthor ".utf8)
    Self.append(author, to: &content)
    content.append(contentsOf: "\ncommitter ".utf8)
    Self.append(committer, to: &content)
    content.append(contentsOf: "\n\n".utf8)
    content.append(contentsOf: message.utf8)
    return GitObject(.commit, content)
  }

  private static func append(_ signature: Signature, to content: inout [UInt8]) {
    content.append(contentsOf: signature.name.utf8)
    content.append(contentsOf: " <".utf8)
    content.append(contentsOf: signature.email.utf8)
    content.append(contentsOf: "> ".utf8)
    content.append(contentsOf: String(signature.seconds).utf8)
    content.append(contentsOf: " +0000".utf8)
  }
}

extension Commit {
  /// Reads the content of a commit object, also one that another program made.
  package init(parsing content: [UInt8]) throws(GitError) {
    let text = String(decoding: content, as: UTF8.self)
    let (head, message) = Self.split(text)
    var tree: ObjectID?
    var parents: [ObjectID] = []
    var author: Signature?
    var committer: Signature?
    for line in head.split(separator: "\n") {
      guard let space = line.firstIndex(of: " ") else { continue }
      let value = line[line.index(after: space)...]
      switch line[..<space] {
      case "tree": tree = ObjectID(hex: value)
      case "parent": if let id = ObjectID(hex: value) { parents.append(id) }
      case "author": author = Signature(parsing: value)
      case "committer": committer = Signature(parsing: value)
      default: continue
      }
    }
    guard let tree, let author, let committer else {
      throw GitError(.damaged, "read a commit", "it lacks a tree, an author or a committer")
    }
    self.init(tree: tree, parents: parents, author: author, committer: committer, message: message)
  }

  private static func split(_ text: String) -> (head: Substring, message: String) {
    let bytes = text.utf8
    var index = bytes.startIndex
    while let newline = bytes[index...].firstIndex(of: UInt8(ascii: "\n")) {
      let next = bytes.index(after: newline)
      if next < bytes.endIndex, bytes[next] == UInt8(ascii: "\n") {
        return (text[..<newline], String(text[bytes.index(after: next)...]))
      }
      index = next
    }
    return (text[...], "")
  }

  /// The first line of the message.
  package var subject: String { String(message.prefix { $0 != "\n" }) }

  /// The value of a `Key: value` line in the message's last paragraph.
  package func trailer(_ key: String) -> String? {
    for line in message.split(separator: "\n", omittingEmptySubsequences: false).reversed() {
      if line.hasPrefix(key + ": ") { return String(line.dropFirst(key.count + 2)) }
    }
    return nil
  }
}

extension Signature {
  /// Reads `Name <email> seconds +zone`; the zone is dropped, since the seconds are UTC.
  init?(parsing text: Substring) {
    guard let open = text.firstIndex(of: "<"), let close = text.lastIndex(of: ">"), open < close else { return nil }
    let rest = text[text.index(after: close)...].split(separator: " ")
    guard let first = rest.first, let seconds = Int64(first) else { return nil }
    self.init(
      name: String(text[..<open]), email: String(text[text.index(after: open)..<close]), seconds: seconds)
  }
}
