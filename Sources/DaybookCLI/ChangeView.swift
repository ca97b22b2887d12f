import Daybook
import Documents

/// What happened to one file between two moments: in words first, then as text.
struct ChangeView {
  let name: String
  let path: String
  let before: [UInt8]?
  let after: [UInt8]?

  init(_ change: Change, in snapshot: Snapshot) throws(StoreError) {
    name =
      switch change.subject {
      case .document(let address): "\(address)"
      case .series(let series, let address): "\(address) \(series)"
      case .file(let path): path
      }
    path = change.path
    before = try change.before.map { revision throws(StoreError) in
      try snapshot.fileBytes(at: revision, path: change.path)
    }
    after = try change.after.map { revision throws(StoreError) in
      try snapshot.fileBytes(at: revision, path: change.path)
    }
  }

  /// Members that differ, each in words; or that the whole came or went.
  private var words: [String] {
    if before == nil { return ["created"] }
    if after == nil { return ["deleted"] }
    return members.isEmpty ? ["edited"] : members.map(\.words)
  }

  /// Members that differ; none for what is no JSON, or differs in form only.
  private var members: [JSONChange] {
    guard let before, let after, let old = try? JSONText(parsing: before), let new = try? JSONText(parsing: after)
    else {
      return []
    }
    return JSONDiff.between(old.root, new.root)
  }

  func text(_ style: Style) -> String {
    let words = words.map { "  \(Table.printable($0))\n" }.joined()
    let difference = LineDifference(old: before ?? [], new: after ?? [])
    let heading = [
      style.bold("--- " + (before == nil ? "/dev/null" : "a/\(path)")),
      style.bold("+++ " + (after == nil ? "/dev/null" : "b/\(path)")),
    ]
    return style.yellow(name) + "\n" + words + "\n"
      + (heading + difference.unified(style)).joined(separator: "\n") + "\n"
  }

  var json: JSONObject {
    [
      "document": .string(name), "path": .string(path),
      "change": .string(before == nil ? "created" : after == nil ? "deleted" : "changed"),
      "members": .array(members.map { ["pointer": .string("\($0.pointer)"), "words": .string($0.words)] }),
    ]
  }
}
