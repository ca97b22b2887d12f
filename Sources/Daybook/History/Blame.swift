public import Documents
import Git

/// A member of a document, and the commit that made it what it is.
public struct BlamedMember: Sendable {
  public let pointer: JSONPointer
  /// Its value, with `‹sealed›` in place of a secret.
  public let value: JSONValue
  public let commit: CommitSummary
}

extension Snapshot {
  /// Which commit set each member of a document, in the order of its text.
  ///
  /// From the document's own history in the index: its cost is that of the document's versions, back to the oldest member,
  /// however long the store's history is.
  ///
  /// ```swift
  /// for member in try snapshot.blame("profiles/llm/gpt-4o") { print(member.pointer, member.commit.author.name) }
  /// ```
  ///
  /// - Parameters:
  ///   - pointer: Only this member and those below it.
  ///   - point: The document as it was then.
  /// - Throws: `.notFound` when there is no such document or member.
  public func blame(
    _ address: String, at pointer: JSONPointer = .root, point: Point = .newest
  ) throws(StoreError) -> [BlamedMember] {
    let commit = try commit(at: point)
    var versions = VersionWalk(of: try kinds.address(address), before: commit.sequence + 1, in: self)
    guard let newest = try versions.next(), let text = newest.text else {
      throw Preparer.missing(try kinds.address(address))
    }
    guard text.root[pointer] != nil else {
      throw StoreError(.notFound, "'\(address)' has no member \(pointer).", document: address)
    }
    let sequences = try trace(text, newest, pointer, &versions)
    return try blamed(sequences, versions.address, newest, pointer)
  }

  /// The sequence of the commit that set each member.
  private func trace(
    _ text: JSONText, _ newest: VersionWalk.Version, _ pointer: JSONPointer, _ versions: inout VersionWalk
  ) throws(StoreError) -> [JSONPointer: UInt64] {
    var trace = JSONTrace(of: text.root, below: pointer)
    var sequences: [JSONPointer: UInt64] = [:]
    var (newer, newerSequence) = (text, newest.sequence)
    while !trace.open.isEmpty {
      let older = try versions.next()
      for member in trace.step(from: newer.root, to: older?.text?.root) { sequences[member.pointer] = newerSequence }
      guard let older, let olderText = older.text else { break }
      (newer, newerSequence) = (olderText, older.sequence)
    }
    return sequences
  }

  private func blamed(
    _ sequences: [JSONPointer: UInt64], _ address: DocumentAddress, _ newest: VersionWalk.Version,
    _ pointer: JSONPointer
  ) throws(StoreError) -> [BlamedMember] {
    guard let text = newest.text else { return [] }
    let shown = try masked(text, of: address).root
    var commits: [UInt64: CommitSummary] = [:]
    var members: [BlamedMember] = []
    for member in JSONTrace(of: text.root, below: pointer).open {
      guard let sequence = sequences[member.pointer] else { continue }
      if commits[sequence] == nil { commits[sequence] = try commit(at: .sequence(sequence)) }
      guard let commit = commits[sequence] else { continue }
      // A secret that is no string lies below the mask that stands for it.
      let value = shown[member.pointer]?.value ?? .string(Envelope.mask)
      members.append(BlamedMember(pointer: member.pointer, value: value, commit: commit))
    }
    return members
  }
}

/// The versions of a document, newest first, read one by one. What only its series changed is no version of its own, nor is
/// what plain Git committed and is no JSON: that was never served.
struct VersionWalk {
  struct Version {
    /// The sequence of the commit that made it.
    var sequence: UInt64
    /// Nil for a deletion.
    var text: JSONText?
  }

  private struct Readable {
    var sequence: UInt64
    var revision: ObjectID?
    var text: JSONText?
  }

  let address: DocumentAddress
  private let snapshot: Snapshot
  private let name: [UInt8]
  /// Where the states that are not read yet end.
  private var end: UInt64
  /// One that was read and is of the next version.
  private var kept: Readable?
  /// States that were read from the index and not handed out yet, oldest first.
  private var states: [Index.HistoryState] = []

  init(of address: DocumentAddress, before sequence: UInt64, in snapshot: Snapshot) {
    self.address = address
    self.snapshot = snapshot
    name = Index.name(of: address)
    end = sequence
  }

  mutating func next() throws(StoreError) -> Version? {
    guard var version = try nextReadable() else { return nil }
    while let before = try nextReadable() {
      guard before.revision == version.revision else {
        kept = before
        break
      }
      version = before
    }
    return Version(sequence: version.sequence, text: version.text)
  }

  private mutating func nextReadable() throws(StoreError) -> Readable? {
    if let kept {
      self.kept = nil
      return kept
    }
    while let state = nextState() {
      do throws(StoreError) {
        let text = try state.revision.map { id throws(StoreError) in try snapshot.text(id, of: address) }
        return Readable(sequence: state.sequence, revision: state.revision, text: text)
      } catch  where error.code == .invalid {
        continue
      }
    }
    return nil
  }

  private mutating func nextState() -> Index.HistoryState? {
    if states.isEmpty {
      states = snapshot.index.history(of: name, before: end, limit: Limits.historyBatch).reversed()
      end = states.first?.sequence ?? end
    }
    return states.popLast()
  }
}
