package import Daybook
package import Documents

/// A change of settings in one layer: what is set and what is taken back, checked, as the new content of one document, so
/// that it becomes one commit.
package struct SettingsEdit: Sendable {
  package let target: SettingsSource
  private let content: JSONObject
  private let seen: Revision?

  /// One setting and its new value; nil takes it out of the layer.
  package struct Assignment: Sendable {
    package let name: String
    package let value: JSONValue?

    package init(_ name: String, _ value: JSONValue?) {
      self.name = name
      self.value = value
    }
  }

  /// Checks the assignments against the definitions and the newest state of the layer.
  ///
  /// - Parameters:
  ///   - agent: the agent that shall have them for itself.
  ///   - definitions: those of the state; read from it when left out.
  /// - Throws: `.notFound` for an unknown name or session, `.refused` for a layer in which a setting cannot be set,
  ///   `.invalid` for a value that breaks a rule; each by name.
  package init(
    _ assignments: [Assignment], in target: SettingsSource, agent: String? = nil,
    by definitions: SettingDefinitions? = nil, _ snapshot: Snapshot
  ) throws(StoreError) {
    let definitions = if let definitions { definitions } else { try SettingDefinitions(reading: snapshot) }
    if case .session(let id) = target { try Self.checkSession(id, snapshot) }
    let document = try snapshot.document(target.address)
    var content = document?.root.value.object ?? [:]
    for assignment in assignments {
      let (key, owner) = try definitions.find(assignment.name, for: agent)
      let place = owner.map { key.own(of: $0) } ?? key
      if let value = assignment.value, let definition = definitions.definition(key, of: owner) {
        try Self.check(value, of: definition, at: place, in: target)
      }
      content.set(place.pointer.tokens[...], to: assignment.value)
    }
    self.target = target
    self.content = content
    seen = document?.revision
  }

  /// Adds the change to a transaction, which fails when somebody else has changed the layer meanwhile.
  package func add(to transaction: inout Transaction) throws(StoreError) {
    if seen == nil, content.isEmpty { return }
    try transaction.put(target.address, .object(content), if: seen.map { .revision($0) } ?? .absent)
  }

  private static func check(
    _ value: JSONValue, of definition: SettingDefinition, at key: SettingKey, in target: SettingsSource
  ) throws(StoreError) {
    if let objection = definition.objection(to: target.scope, called: key.text) {
      throw StoreError(.refused, objection + ".", document: target.address)
    }
    if let objection = definition.objection(to: JSONText(formatting: value).root, called: key.text) {
      throw StoreError(
        .invalid, objection + ".", hint: "`daybook settings explain \(key)` shows what it is for.",
        document: target.address)
    }
  }

  private static func checkSession(_ id: String, _ snapshot: Snapshot) throws(StoreError) {
    guard (try? snapshot.revision("sessions/\(id)")) == nil else { return }
    throw StoreError(
      .notFound, "There is no session '\(id)'.", hint: "`daybook list sessions` shows those there are.",
      document: "sessions/\(id)")
  }
}

extension JSONObject {
  /// Sets or removes a value below, making the objects on the way, and removing those that become empty.
  fileprivate mutating func set(_ path: ArraySlice<String>, to value: JSONValue?) {
    guard let first = path.first else { return }
    guard path.count > 1 else {
      self[first] = value
      return
    }
    var inner = self[first]?.object ?? [:]
    inner.set(path.dropFirst(), to: value)
    self[first] = inner.isEmpty ? nil : .object(inner)
  }
}
