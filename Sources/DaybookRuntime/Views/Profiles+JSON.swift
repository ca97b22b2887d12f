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
    let (source, id): (String, JSONValue) =
      switch self.source {
      case .profile(let id): ("profile", .string("\(kind.name)/\(id)"))
      case .environment: ("environment", .null)
      }
    return [
      "kind": .string(kind.name), "source": .string(source), "profile": id,
      "value": .object(JSONObject(members.map { (key: $0.name, value: $0.value) })),
      "from": .object(JSONObject(members.map { (key: $0.name, value: .string(origin(of: $0))) })),
    ]
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
