package import Git

/// The revision of a document: Git's id of its content. Equal content has an equal revision, on every machine.
public struct Revision: Hashable, Sendable, CustomStringConvertible {
  package let id: ObjectID

  package init(_ id: ObjectID) {
    self.id = id
  }

  /// Takes 40 hexadecimal digits; nil for anything else.
  public init?(_ text: String) {
    guard let id = ObjectID(hex: text) else { return nil }
    self.id = id
  }

  /// 40 hexadecimal digits.
  public var description: String { id.hex }
}

/// The id of a commit.
public struct CommitID: Hashable, Sendable, CustomStringConvertible {
  package let id: ObjectID

  package init(_ id: ObjectID) {
    self.id = id
  }

  /// 40 hexadecimal digits.
  public var description: String { id.hex }
  /// The first ten, enough for people.
  public var short: String { id.short }
}
