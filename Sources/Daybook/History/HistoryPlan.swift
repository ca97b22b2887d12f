public import Documents
import Git

/// What it takes to take something back: a commit, a document, a member, or all that happened since a point. A value, made
/// from one snapshot without writing anything; `Transaction.apply` carries it out, and `Store.plan` says what would change.
///
/// History is never rewritten: the plan becomes one new commit. What was changed again since, and would be lost, is a
/// conflict; a plan that has any cannot be carried out.
public struct HistoryPlan: Sendable {
  /// One file that goes back.
  public struct Step: Sendable {
    let restoration: Restoration
    /// The document's address, with the name of its series for a segment; or the path of a file that is none.
    public var name: String { restoration.name }
    public var path: String { restoration.path }
    /// The revision that it has now; nil when there is no such file.
    public var before: Revision? { restoration.basis.map { Revision($0) } }
    /// Whether the file goes away.
    public var isDeletion: Bool { restoration.content == nil }
  }

  /// What was changed again since.
  public struct Conflict: Sendable {
    public let name: String
    /// The members; empty when the document as a whole came or went.
    public let members: [JSONPointer]
    /// The newest commit that changed the document; nil for a file that is none.
    public let commit: CommitSummary?
  }

  /// A file that stays as it is, though it was different then.
  public struct Omission: Sendable {
    public let path: String
    /// Why, such as `it says what the store itself is`.
    public let reason: String
  }

  public internal(set) var steps: [Step] = []
  public internal(set) var conflicts: [Conflict] = []
  public internal(set) var omissions: [Omission] = []
  /// The subject of the commit, unless the transaction says another.
  public let subject: String
  /// What the commit will say of the one that it is about.
  public let reference: CommitReference

  init(subject: String, reference: CommitReference) {
    self.subject = subject
    self.reference = reference
  }

  /// Whether nothing would change, and nothing stands against it.
  public var isEmpty: Bool { steps.isEmpty && conflicts.isEmpty }

  /// The documents that go back, those among them of which only a series does.
  public var documents: Set<DocumentAddress> { Set(steps.compactMap(\.restoration.address)) }

  var bytes: Int { steps.reduce(0) { $0 + ($1.restoration.content?.bytes.count ?? 0) } }

  /// What stands against carrying it out; nil when nothing does.
  public var conflictError: StoreError? {
    guard let first = conflicts.first else { return nil }
    let lines = conflicts.prefix(Limits.listedViolations).map { "  \($0.words)" }
    let more = conflicts.count - lines.count
    let list = (lines + (more > 0 ? ["  and \(more) more"] : [])).joined(separator: "\n")
    return StoreError(
      .conflict, "It was changed again since, and that would be lost:\n\(list)",
      hint: "Take the newer changes back first, or set what you want with `daybook patch`.", document: first.name)
  }
}

extension HistoryPlan.Conflict {
  /// Such as `notes/one /title, /stars (last changed by #12, Ann: notes/one: title …)`.
  public var words: String {
    let what = members.isEmpty ? name : "\(name) \(members.map(\.description).joined(separator: ", "))"
    guard let commit else { return what }
    return "\(what) (last changed by #\(commit.sequence), \(commit.author.name): \(commit.subject))"
  }
}
