import Documents
import Git
import Storage

/// What this machine remembers of secrets that came into Git's history in clear text, since nothing takes them out again: a
/// file beside the log with the place, the commit, and the value as it was sealed then.
///
/// ```json
/// [{"document": "profiles/llm/a", "member": "/api_key", "commit": "8f3c…", "sealed": "sealed:1:…"}]
/// ```
///
/// A note counts as long as the member still has that value.
struct LeakNotes: Sendable {
  struct Note: Equatable {
    var document: String
    var member: String
    var commit: CommitID
    /// Nil where there was no key to seal it with.
    var sealed: String?
  }

  let root: String
  let fileSystem: any FileSystem

  private var path: String { "\(root)/\(StoreLayout.leaks)" }

  /// Those that can be read, oldest first.
  func read() -> [Note] {
    guard let bytes = try? fileSystem.read(path), let text = try? JSONText(parsing: bytes) else { return [] }
    return text.root.elements.compactMap { node in
      guard let document = node["document"]?.string, let member = node["member"]?.string,
        let commit = node["commit"]?.string.flatMap({ ObjectID(hex: $0) })
      else { return nil }
      return Note(document: document, member: member, commit: CommitID(commit), sealed: node["sealed"]?.string)
    }
  }

  /// Adds notes, of each commit's secret once; the oldest go when there are too many.
  func add(_ notes: [Note]) throws(StoreError) {
    let known = read()
    let new = notes.filter { note in !known.contains { $0.isAboutTheSame(as: note) } }
    if new.isEmpty { return }
    let text = JSONText(formatting: .array((known + new).suffix(Limits.leakNotes).map(\.value)))
    do {
      try fileSystem.atomicallyReplace(path, with: text.bytes.span, durable: true)
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.leaks) could not be written.", cause: error)
    }
  }
}

extension LeakNotes.Note {
  fileprivate func isAboutTheSame(as other: Self) -> Bool {
    document == other.document && member == other.member && commit == other.commit
  }

  fileprivate var value: JSONValue {
    [
      "document": .string(document), "member": .string(member), "commit": .string("\(commit)"),
      "sealed": sealed.map { .string($0) } ?? .null,
    ]
  }
}

/// A secret that a commit made with plain Git holds in clear text, and that is still in use.
public struct SecretLeak: Sendable {
  public let document: String
  /// Where in the document, such as `/api_key`.
  public let member: String
  /// The commit that holds it; there may be newer ones.
  public let commit: CommitID
}

extension Snapshot {
  /// The leaks whose values are still in use, those in files that could not be taken in included.
  func leaks(among notes: [LeakNotes.Note], unsettled: Set<String>) throws(StoreError) -> [SecretLeak] {
    var leaks: [SecretLeak] = []
    for note in notes {
      guard let address = try? kinds.address(note.document), let path = try? kinds.path(of: address) else { continue }
      let kind = try kinds.kind(of: address.collection.text)
      let members = try document(address)?.text.secretMembers(at: kind.secrets) ?? []
      let member = members.first { "\($0.path)" == note.member }
      let isInUse = member.map { sealer.holds($0, valueOf: note.sealed, at: address) } ?? false
      guard isInUse || unsettled.contains(path) else { continue }
      leaks.append(SecretLeak(document: note.document, member: note.member, commit: note.commit))
    }
    return leaks
  }
}
