import Documents
import Git

/// Turns the wishes of a transaction into changed files: checks preconditions and schemas, seals secrets, formats, hashes,
/// works out what the index needs to know.
///
/// A function of the operations and one state of the store, so that it runs on the caller's thread, outside the one
/// writer; should somebody else change one of the documents meanwhile, the writer runs it again on the newer state.
struct Preparer: Sendable {
  let sealer: Sealer
  let objects: ObjectReader

  func prepare(_ operations: [Operation], on index: Index) throws(StoreError) -> [FileChange] {
    try outcome(of: operations, on: index).changes
  }

  /// What the operations change, and what they leave as it is.
  func outcome(
    of operations: [Operation], on index: Index
  ) throws(StoreError) -> (changes: [FileChange], kept: [KeptDocument]) {
    var draft = Draft(index: index, objects: objects)
    var rules = WriteRules()
    for operation in operations {
      try rules.check(operation, draft)
      try perform(operation, in: &draft)
    }
    try rules.checkResult(draft)
    for case .restore(let restoration) in operations { try checkHasDocument(restoration, draft) }
    if !draft.schemas.isEmpty { _ = try draft.kinds.changing(draft.schemas) }
    return draft.outcome()
  }

  private func perform(_ operation: Operation, in draft: inout Draft) throws(StoreError) {
    switch operation {
    case .put(let address, let content, let precondition):
      try put(address, content, precondition, &draft)
    case .patch(let address, let patch, let precondition):
      try self.patch(address, patch, precondition, &draft)
    case .delete(let address, let precondition):
      try delete(address, precondition, &draft)
    case .require(let address, let precondition):
      try require(address, precondition, &draft)
    case .append(let address, let series, let items):
      try append(items, to: series, of: address, &draft)
    case .replaceItems(let address, let series, let place, let expected, let items):
      try replaceItems(of: series, in: address, from: place, expecting: expected, with: items, &draft)
    case .segment(let address, let series, let number, let text, let basis):
      if case .known(let revision) = basis, draft.segmentRevision(number, of: series, in: address) != revision {
        throw Self.changedMeanwhile("\(address) \(series)")
      }
      try setSegment(number, of: series, in: address, to: text, &draft)
    case .reseal(let address):
      try reseal(address, &draft)
    case .expire(let address, let lastChange, let schema):
      try expire(address, lastChange, schema, &draft)
    case .file(let path, let bytes):
      try draft.setFile(path, to: bytes, from: .unknown)
    case .restore(let restoration):
      try restore(restoration, &draft)
    case .keep: break
    }
  }

  // MARK: Documents

  private func put(
    _ address: DocumentAddress, _ content: Operation.Content, _ precondition: Precondition, _ draft: inout Draft
  ) throws(StoreError) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    let old = try draft.document(address, kind)
    try check(precondition, old, address)
    let text: JSONText
    switch content {
    case .text(let given): text = given
    case .value(let value):
      try Self.checkDepth(of: value, address)
      text = old?.text.changing(to: value) ?? JSONText(formatting: value)
    }
    try write(text, to: address, kind, old, &draft)
  }

  private func patch(
    _ address: DocumentAddress, _ patch: Operation.Patch, _ precondition: Precondition, _ draft: inout Draft
  ) throws(StoreError) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    guard let old = try draft.document(address, kind) else { throw Self.missing(address) }
    try check(precondition, old, address)
    let text: JSONText
    switch patch {
    case .merge(let merge):
      let value = JSONMergePatch(merge).applied(to: old.text.root.value)
      try Self.checkDepth(of: value, address)
      text = old.text.changing(to: value)
    case .operations(let operations):
      do {
        text = old.text.changing(to: try operations.applied(to: old.text.root.value))
      } catch {
        throw StoreError(.conflict, "The patch does not apply to '\(address)': \(error)", document: "\(address)")
      }
    case .secret(let member, let value):
      text = try kind.setting(member, to: value, in: old.text, of: address)
    }
    try write(text, to: address, kind, old, &draft)
  }

  /// What nests deeper could be written, and not be read again.
  static func checkDepth(
    of value: JSONValue, below levels: Int = 0, _ address: DocumentAddress
  ) throws(StoreError) {
    guard levels + value.depth > Limits.documentDepth else { return }
    throw StoreError(
      .limit, "'\(address)' nests deeper than \(Limits.documentDepth) objects and arrays.", document: "\(address)")
  }

  /// `earlier` is another text of the document from its history, if what is sealed in that may be written again.
  func write(
    _ text: JSONText, to address: DocumentAddress, _ kind: Kind, _ old: Draft.Document?, earlier: JSONText? = nil,
    _ draft: inout Draft
  ) throws(StoreError) {
    guard text.bytes.count <= Limits.documentBytes else {
      throw StoreError(
        .limit,
        "'\(address)' has \(text.bytes.count) bytes; a document takes at most \(Limits.documentBytes >> 20) MiB.",
        document: "\(address)")
    }
    try Self.validate(text.root, against: kind.schema, "\(address)")
    let sealed =
      kind.secrets.isEmpty
      ? text : try sealer.seal(text, secrets: kind.secrets, address: address, previous: old?.text, earlier: earlier)
    try draft.setDocument(address, kind, from: old, to: sealed)
  }

  /// Without validation: what an older schema allowed must not stay under an older key.
  private func reseal(_ address: DocumentAddress, _ draft: inout Draft) throws(StoreError) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    guard let old = try draft.document(address, kind) else { return }
    let text = try sealer.reseal(old.text, secrets: kind.secrets, address: address)
    try draft.setDocument(address, kind, from: old, to: text)
  }

  private func delete(
    _ address: DocumentAddress, _ precondition: Precondition, _ draft: inout Draft
  ) throws(StoreError) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    let old = try draft.document(address, kind)
    if precondition == .present, old == nil { throw Self.missing(address) }
    try check(precondition, old, address)
    if old != nil { try remove(address, kind, old, &draft) }
  }

  /// Written as it is, the writer holds it against what is there then.
  private func require(
    _ address: DocumentAddress, _ precondition: Precondition, _ draft: inout Draft
  ) throws(StoreError) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    let old = try draft.document(address, kind)
    try check(precondition, old, address)
    try draft.setDocument(address, kind, from: old, to: old?.text)
  }

  /// No conflict when it changed: whoever did that wants it to stay, and the others of its batch go all the same.
  private func expire(
    _ address: DocumentAddress, _ lastChange: UInt64, _ schema: ObjectID, _ draft: inout Draft
  ) throws(StoreError) {
    guard let kind = draft.kinds.kind(ifKnown: address.collection.text), kind.schemaID == schema,
      draft.lastChange(of: address) == lastChange
    else { return }
    try remove(address, kind, try draft.document(address, kind), &draft)
  }

  func remove(
    _ address: DocumentAddress, _ kind: Kind, _ old: Draft.Document?, _ draft: inout Draft
  ) throws(StoreError) {
    for series in kind.series { try draft.deleteSegments(of: address, kind, series.name) }
    try draft.setDocument(address, kind, from: old, to: nil)
    for kind in draft.kinds.all where kind.belongsTo == address.collection {
      let belonging = DocumentAddress(collection: kind.collection, id: address.id)
      guard let document = try draft.document(belonging, kind) else { continue }
      try remove(belonging, kind, document, &draft)
    }
  }

  private func check(
    _ precondition: Precondition, _ old: Draft.Document?, _ address: DocumentAddress
  ) throws(StoreError) {
    switch precondition {
    case .none: return
    case .absent:
      guard let old else { return }
      throw StoreError(
        .conflict, "'\(address)' exists already, at revision \(old.revision.short).", document: "\(address)")
    case .present:
      if old == nil { throw Self.missing(address) }
    case .revision(let expected):
      guard let old else {
        throw StoreError(
          .conflict, "'\(address)' was to be at revision \(expected.id.short), but there is no such document.",
          document: "\(address)")
      }
      guard old.revision != expected.id else { return }
      throw StoreError(
        .conflict, "'\(address)' was to be at revision \(expected.id.short), but it is at \(old.revision.short).",
        hint: "Read it again, and write on what is there now.", document: "\(address)")
    }
  }

  // MARK: Errors

  static func missing(_ address: DocumentAddress) -> StoreError {
    StoreError(
      .notFound, "There is no document '\(address)'.",
      hint: "`daybook list \(address.collection)` shows those there are.",
      document: "\(address)")
  }

  static func validate(_ node: JSONNode, against schema: Schema, _ document: String) throws(StoreError) {
    let violations = schema.validate(node, maximumViolations: Limits.listedViolations)
    if !violations.isEmpty { throw StoreError(violations, in: document) }
  }
}
