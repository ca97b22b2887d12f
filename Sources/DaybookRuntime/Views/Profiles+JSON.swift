package import Documents

extension ResolvedProfile {
  /// Where a member comes from: a profile, a variable of the environment, or the default.
  package func origin(of member: Member) -> String {
    switch (member.origin, source) {
    case (.schema, _): "default"
    case (.variable(let name), _): name
    case (.profile, .profile(let id)): "\(kind.name)/\(id)"
    case (.profile, .environment): "environment"
    }
  }

  /// What is in effect, and where each member comes from.
  package var json: JSONObject {
    described(by: [
      "value": .object(JSONObject(members.map { (key: $0.name, value: $0.value) })),
      "from": .object(JSONObject(members.map { (key: $0.name, value: .string(origin(of: $0))) })),
    ])
  }

  /// What was tried with it, and what came of that.
  package func json(of step: ProfileTest.Step) -> JSONObject { described(by: step.json) }

  /// Which profile it is and what should be known of it, around what is said of it.
  private func described(by content: JSONObject) -> JSONObject {
    let (source, id): (String, JSONValue) =
      switch self.source {
      case .profile(let id): ("profile", .string("\(kind.name)/\(id)"))
      case .environment: ("environment", .null)
      }
    var json: JSONObject = ["kind": .string(kind.name), "source": .string(source), "profile": id]
    for member in content { json[member.key] = member.value }
    json["notes"] = .array(notes.map { .string($0) })
    return json
  }
}

extension ProfileTest.Step {
  /// What was tried, and what came of it.
  package var json: JSONObject {
    [
      "step": .string(name), "outcome": .string(outcome.rawValue),
      "milliseconds": .number(JSONNumber(milliseconds)), "detail": .string(detail),
    ]
  }
}
