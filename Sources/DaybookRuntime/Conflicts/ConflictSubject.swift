import Daybook
import Documents

/// What a conflict is about, as it is now.
struct ConflictSubject {
  private let conflict: Document
  private let snapshot: Snapshot
  /// The address of a document, or the path of another file.
  private let name: String

  init(of conflict: Document, in snapshot: Snapshot) {
    self.conflict = conflict
    self.snapshot = snapshot
    name = conflict.root["document"]?.string ?? ""
  }

  /// Lets the document become what was decided, if it is not that.
  ///
  /// - Throws: `.notFound` when the document or the place is gone; `.refused` for another file, for what cannot be
  ///   both, for a secret, and for a value that the conflict does not hold.
  func settle(as resolution: ConflictResolution, _ transaction: inout Transaction) throws(StoreError) {
    if resolution == .mine { return }
    guard let address = snapshot.document(ofConflict: name) else { throw isNoDocument }
    let document = try snapshot.document(address)
    let place = try place(in: document)
    let present = document?.root[place]?.value
    let outcome = try resolution.outcome(of: present, and: lost(for: resolution))
    if present == nil, outcome != nil { try checkCanHold(place, document) }
    try checkSecrets(outcome, resolution, place, of: address)
    let precondition = document.map { Precondition.revision($0.revision) } ?? .absent
    try transaction.write(outcome, over: present, at: place, of: "\(address)", if: precondition)
  }

  // MARK: The place

  /// Where the member is by now: items of lists are followed by their ids.
  private func place(in document: Document?) throws(StoreError) -> JSONPointer {
    let text = conflict.root["pointer"]?.string ?? ""
    guard let pointer = try? JSONPointer(parsing: text) else {
      throw StoreError(
        .invalid, "'\(conflict.address)' names no member: '\(text)'.", hint: "Resolve it with mine.",
        document: "\(conflict.address)")
    }
    if pointer == .root { return pointer }
    guard let document else {
      throw isGone("There is no document '\(name)' any more")
    }
    let then = try snapshot.past(at: .sequence(conflict.sequence)).document(document.address)
    return then?.root.value.counterpart(of: pointer, in: document.root.value) ?? pointer
  }

  /// - Throws: `.notFound` unless something can be put into a place where nothing is.
  private func checkCanHold(_ place: JSONPointer, _ document: Document?) throws(StoreError) {
    guard let parent = place.parent, document?.root[parent]?.kind != .object else { return }
    throw isGone("What \(conflict.root["pointer"]?.string ?? "") was in is not in '\(name)' any more")
  }

  // MARK: The value

  private func lost(for resolution: ConflictResolution) throws(StoreError) -> JSONValue? {
    if case .value = resolution { return nil }
    let lost = conflict.root["lost"]?.value
    // Something is kept where nothing was lost. What would have been too large is not there either.
    guard lost != nil || conflict.root["kept"] != nil else {
      throw StoreError(
        .refused, "'\(conflict.address)' does not hold the other value, which was too large for it.",
        hint: "`daybook log \(name)` shows where it is; bring it back by `daybook patch`, and resolve this with mine.",
        document: "\(conflict.address)")
    }
    return lost
  }

  /// - Throws: `.refused` for a value in which a mask stands for a secret, and for a secret in clear.
  private func checkSecrets(
    _ outcome: JSONValue?, _ resolution: ConflictResolution, _ place: JSONPointer, of address: DocumentAddress
  ) throws(StoreError) {
    guard let outcome else { return }
    let root = JSONText(formatting: outcome).root
    let secrets = try snapshot.kinds.kind(of: address.collection.text).secrets.compactMap { $0.below(place) }
    for pointer in secrets.flatMap({ $0.pointers(in: root) }) {
      guard let secret = root[pointer]?.value, secret.kind != .null, !secret.isSealed else { continue }
      let member = JSONPointer(place.tokens + pointer.tokens)
      let isMasked = secret.string == JSONValue.sealedWord
      if isMasked, case .value = resolution { continue }
      throw StoreError(
        .refused,
        isMasked
          ? "The conflict does not hold the secret \(member) of '\(address)', but a mask."
          : "The secret \(member) of '\(address)' is not given so.",
        hint: "Set it with `daybook secret set \(address) \(member)`, and resolve this with mine.",
        document: "\(address)")
    }
  }

  // MARK: Errors

  private var isNoDocument: StoreError {
    StoreError(
      .refused, "'\(name)' is no document of this store, so only what is there can stay.",
      hint: "Resolve it with mine; if the other is right, change the file itself.", document: name)
  }

  private func isGone(_ what: String) -> StoreError {
    StoreError(
      .notFound, "\(what), so nothing can be put there.",
      hint: "Resolve it with mine to leave it so, or bring that back first.", document: name)
  }
}

extension Transaction {
  /// Lets something else stand in a place; nil for nothing.
  ///
  /// - Parameter present: What stands there, by which it was decided. Where it stays, it must still be so.
  fileprivate mutating func write(
    _ outcome: JSONValue?, over present: JSONValue?, at place: JSONPointer, of address: String,
    if precondition: Precondition
  ) throws(StoreError) {
    if outcome == present { return try require(address, precondition) }
    if place == .root {
      guard let outcome else { return try delete(address, if: precondition) }
      return try put(address, outcome, if: precondition)
    }
    let operation: JSONPatch.Operation =
      switch (present, outcome) {
      case (nil, let outcome?): .add(place, outcome)
      case (_, let outcome?): .replace(place, outcome)
      case (_, nil): .remove(place)
      }
    try patch(address, applying: JSONPatch([operation]), if: precondition)
  }
}
