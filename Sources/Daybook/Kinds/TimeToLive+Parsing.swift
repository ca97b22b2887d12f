import Documents

extension KindReader {
  private static let units: [String: Int64] = ["seconds": 1, "hours": 3_600, "days": 86_400]

  /// A word that is not known is refused: what is meant to keep documents from expiring must not be passed over.
  func timeToLive(in declaration: JSONNode) throws(StoreError) -> TimeToLive? {
    guard let node = declaration["ttl"] else { return nil }
    guard node.kind == .object else { throw failure("\"ttl\" must be an object such as {\"days\": 30}", at: node) }
    for member in node.members where member.key != "from" && member.key != "when" && Self.units[member.key] == nil {
      throw failure("\"ttl\" has an unknown member \"\(member.key)\"", at: member.value)
    }
    return TimeToLive(
      milliseconds: try milliseconds(node), from: try node["from"].map { node throws(StoreError) in try pointer(node) },
      conditions: try conditions(node))
  }

  private func milliseconds(_ node: JSONNode) throws(StoreError) -> Int64 {
    let given = node.members.filter { Self.units[$0.key] != nil }
    guard given.count == 1, let member = given.first, let unit = Self.units[member.key] else {
      throw failure("\"ttl\" needs one of \"seconds\", \"hours\" and \"days\"", at: node)
    }
    guard let count = member.value.integer, (1...Limits.longestTimeToLiveSeconds / unit).contains(Int64(count)) else {
      throw failure("\"\(member.key)\" must be a whole number of at least 1, and 100 years at most", at: member.value)
    }
    return Int64(count) * unit * 1_000
  }

  private func conditions(_ node: JSONNode) throws(StoreError) -> [TimeToLive.Condition] {
    guard let node = node["when"] else { return [] }
    guard node.kind == .object else { throw failure("\"when\" must be an object", at: node) }
    var conditions: [TimeToLive.Condition] = []
    for member in node.members {
      guard let pointer = try? JSONPointer(parsing: member.key), member.value.kind == .array, member.value.count > 0
      else {
        throw failure("expected \"/member\": [\"value\", …]", at: member.value)
      }
      conditions.append(TimeToLive.Condition(member: pointer, values: member.value.elements.map(\.value)))
    }
    return conditions
  }
}
