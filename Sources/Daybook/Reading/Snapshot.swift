public import Documents
import Git

/// An immutable view of the whole store at one sequence. Copying it is free, and it may be kept.
public struct Snapshot: Sendable {
  /// The sequence of its newest commit.
  public let sequence: UInt64
  /// Its newest commit; nil before the first.
  public let commit: CommitID?
  public var kinds: Kinds { index.kinds }

  let index: Index
  let objects: ObjectReader
  let sealer: Sealer

  init(_ state: PublishedState.State, objects: ObjectReader, sealer: Sealer) {
    sequence = state.sequence
    commit = state.head.map { CommitID($0) }
    index = state.index
    self.objects = objects
    self.sealer = sealer
  }

  /// The document at an address such as `profiles/llm/gpt-4o`; nil when there is none.
  public func document(_ address: String) throws(StoreError) -> Document? {
    try document(kinds.address(address))
  }

  public func document(_ address: DocumentAddress) throws(StoreError) -> Document? {
    guard let state = index.document(Index.name(of: address)) else { return nil }
    return Document(
      address: address, revision: Revision(state.revision), sequence: state.sequence,
      text: try text(state.revision, of: address))
  }

  /// The bytes of a document as they stand in its file, unread: the quickest way to hand one on.
  public func bytes(_ address: String) throws(StoreError) -> [UInt8]? {
    let name: [UInt8]
    if let slash = address.utf8.lastIndex(of: UInt8(ascii: "/")) {
      name = Index.name(collection: String(address[..<slash]), id: String(address[address.utf8.index(after: slash)...]))
    } else {
      return nil
    }
    guard let state = index.document(name) else { return nil }
    return try content(state.revision, of: address)
  }

  /// The revision of a document; nil when there is none. Never touches the disk.
  public func revision(_ address: String) throws(StoreError) -> Revision? {
    index.document(Index.name(of: try kinds.address(address))).map { Revision($0.revision) }
  }

  /// A document's text with its secrets opened.
  ///
  /// - Throws: `.keyMissing` when a secret's key is not on this machine.
  public func revealed(_ document: Document) throws(StoreError) -> JSONText {
    let kind = try kinds.kind(of: document.address.collection.text)
    guard !kind.secrets.isEmpty else { return document.text }
    return try sealer.reveal(document.text, secrets: kind.secrets, address: document.address)
  }

  /// A document's text with `‹sealed›` in place of each secret: fit to be shown.
  public func masked(_ document: Document) throws(StoreError) -> JSONText {
    try masked(document.text, of: document.address)
  }

  package func masked(_ text: JSONText, of address: DocumentAddress) throws(StoreError) -> JSONText {
    let kind = try kinds.kind(of: address.collection.text)
    return kind.secrets.isEmpty ? text : try Sealer.mask(text, secrets: kind.secrets)
  }

  // MARK: Contents

  func text(_ revision: ObjectID, of address: DocumentAddress) throws(StoreError) -> JSONText {
    do {
      return try objects.text(revision)
    } catch let error as GitError {
      throw Self.unreadable("\(address)", error)
    } catch {
      throw StoreError(
        .invalid, "'\(address)' is not JSON: \(error)", hint: "It came in through Git; mend the file and commit it.",
        document: "\(address)")
    }
  }

  func content(_ revision: ObjectID, of address: String) throws(StoreError) -> [UInt8] {
    do {
      return try objects.blob(revision)
    } catch {
      throw Self.unreadable(address, error)
    }
  }

  private static func unreadable(_ address: String, _ cause: GitError) -> StoreError {
    StoreError(
      .damaged, "The content of '\(address)' cannot be read.", hint: "Run `daybook check`.", document: address,
      cause: cause)
  }
}
