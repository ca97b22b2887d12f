import Documents
package import Git

/// What two processes say to each other about a transfer: one JSON object a line.
///
/// ```
/// → {"address": "https://…", "credential": {"user": "git", "password": "…"}, "trust": {…}, "fetch": {…}}
/// ← {"progress": "receiving", "done": 3, "total": 90, "bytes": 4096}          any number of them
/// ← {"fetched": {"tip": "8f3c…", "commits": 2, "objects": 90, "bytes": 9000}}      or "seen", "pushed"
/// ← {"error": "remote", "message": "…", "hint": "…"}                          in place of that
/// ```
package enum TransferMessage: Sendable {
  case progress(TransferProgress)
  case answer(TransferAnswer)
  case failure(StoreError)

  /// Nil for what is none: who sent that is not to be believed.
  package init?(line: [UInt8]) {
    guard let root = (try? JSONText(parsing: line))?.root else { return nil }
    if let step = root["progress"]?.string {
      guard let step = TransferProgress.Step(rawValue: step), let done = root["done"]?.integer,
        let bytes = root["bytes"]?.integer
      else { return nil }
      self = .progress(TransferProgress(step, done: done, total: root["total"]?.integer, bytes: bytes))
    } else if let code = root["error"]?.string {
      guard let code = StoreError.Code.all.first(where: { $0.description == code }),
        let message = root["message"]?.string
      else { return nil }
      self = .failure(StoreError(code, message, hint: root["hint"]?.string, document: root["document"]?.string))
    } else {
      guard let answer = TransferAnswer(root) else { return nil }
      self = .answer(answer)
    }
  }

  package var line: [UInt8] { JSONValue.object(json).compactBytes + [UInt8(ascii: "\n")] }

  private var json: JSONObject {
    switch self {
    case .progress(let progress):
      [
        "progress": .string(progress.step.rawValue), "done": .number(JSONNumber(progress.done)),
        "total": progress.total.map { .number(JSONNumber($0)) } ?? .null,
        "bytes": .number(JSONNumber(progress.bytes)),
      ]
    case .answer(let answer): answer.json
    case .failure(let error):
      [
        "error": .string(error.code.description), "message": .string(Self.whole(error)),
        "hint": error.hint.map { .string($0) } ?? .null, "document": error.document.map { .string($0) } ?? .null,
      ]
    }
  }

  /// Causes do not travel as values.
  private static func whole(_ error: StoreError) -> String {
    error.cause.map { "\(error.message) (\(StoreError.plain("\($0)")))" } ?? error.message
  }
}

extension TransferAnswer {
  fileprivate init?(_ root: JSONNode) {
    if let seen = root["seen"] {
      var references: [Reference] = []
      for member in seen["references"].map({ Array($0.members) }) ?? [] {
        guard let id = member.value.string.flatMap({ ObjectID(hex: $0) }) else { return nil }
        references.append(Reference(member.key, id))
      }
      self = .seen(Remote.Listing(references: references, head: seen["head"]?.string))
    } else if let fetched = root["fetched"] {
      guard let commits = fetched["commits"]?.integer, let objects = fetched["objects"]?.integer,
        let bytes = fetched["bytes"]?.integer
      else { return nil }
      let tip = fetched["tip"]?.string.flatMap { ObjectID(hex: $0) }
      guard let machines = MachineRegister.positions(fetched["machines"]) else { return nil }
      self = .fetched(Fetched(tip: tip, commits: commits, objects: objects, bytes: bytes, machines: machines))
    } else {
      switch root["pushed"]?.string {
      case "accepted": self = .pushed(.accepted)
      case "lost-race": self = .pushed(.lostRace)
      case "refused": self = .pushed(.refused(root["words"]?.string ?? ""))
      default: return nil
      }
    }
  }

  fileprivate var json: JSONObject {
    switch self {
    case .seen(let listing):
      let references = listing.references.map { (key: $0.name, value: JSONValue.string($0.id.hex)) }
      let seen: JSONObject = [
        "references": .object(JSONObject(references)), "head": listing.head.map { .string($0) } ?? .null,
      ]
      return ["seen": .object(seen)]
    case .fetched(let fetched):
      let json: JSONObject = [
        "tip": fetched.tip.map { .string($0.hex) } ?? .null, "commits": .number(JSONNumber(fetched.commits)),
        "objects": .number(JSONNumber(fetched.objects)), "bytes": .number(JSONNumber(fetched.bytes)),
        "machines": MachineRegister.json(fetched.machines),
      ]
      return ["fetched": .object(json)]
    case .pushed(.accepted): return ["pushed": "accepted"]
    case .pushed(.lostRace): return ["pushed": "lost-race"]
    case .pushed(.refused(let words)): return ["pushed": "refused", "words": .string(words)]
    }
  }
}
