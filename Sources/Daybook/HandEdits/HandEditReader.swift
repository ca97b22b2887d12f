import Documents
import Git

/// Makes wishes of what people did to files: a put, a deletion, a changed segment or schema. A function of the edit and one
/// state of the store; an edit that started from an older revision is joined with what came since, and a text of an older
/// version of its kind is lifted.
struct HandEditReader {
  let objects: ObjectReader
  let sealer: Sealer
  let makeID: @Sendable () -> DocumentID

  /// What to do about an edit.
  enum Finding {
    case write([Operation])
    /// The store's newest revision goes there again: it is newer than what was deleted, or nothing is left of the edit.
    case restore
    /// Nobody's document.
    case ignore
  }

  /// - Parameter document: The edit of the document that a segment belongs to, if that came or went with it.
  /// - Throws: `.invalid` for a file that is no JSON.
  func finding(
    _ edit: WorkingFiles.Edit, at path: String, _ state: PublishedState.State, beside document: FoundEdit?
  ) throws(StoreError) -> Finding {
    let index = state.index
    switch StoreLayout.place(of: path, index.kinds) {
    case .document(let address, let place):
      return try self.document(edit, address, index.kinds.all[place], path, state)
    case .segment(let address, let series, let number, _):
      // It goes with its document.
      if document?.deleted == address { return edit.content == nil ? .write([]) : .ignore }
      guard index.document(Index.name(of: address)) != nil || document?.created == address else { return .ignore }
      return try segment(edit, address, series, number, path, index)
    case .schema: return try schema(edit, path)
    case .other: return .ignore
    }
  }

  private func document(
    _ edit: WorkingFiles.Edit, _ address: DocumentAddress, _ kind: Kind, _ path: String, _ state: PublishedState.State
  ) throws(StoreError) -> Finding {
    let newest = state.index.document(Index.name(of: address))?.revision
    let precondition = newest.map { Precondition.revision(Revision($0)) } ?? .absent
    guard let content = edit.content else {
      guard newest != nil else { return .ignore }
      return edit.base.id == newest ? .write([.delete(address, precondition)]) : .restore
    }
    let lifter = try DocumentLifter(state.index, head: state.head, objects, sealer)
    func lifted(_ text: JSONText, _ revision: ObjectID?) throws(StoreError) -> JSONText {
      try lifter.lifted(text, revision, of: kind, at: address)
    }
    let text = try lifted(try Self.text(content, path), edit.id)
    guard let newest, edit.base.id != newest else { return .write([.put(address, .text(text), precondition)]) }
    let merge = try sides(text, edit.base, newest, path, lifted).merge
    guard let value = merge.value else { return .restore }
    let conflicts = try ConflictRecord.operations(
      merge, document: "\(address)", of: kind, ours: .hand, theirs: .library, kinds: state.index.kinds, makeID: makeID)
    return .write([.put(address, .text(text.changing(to: value)), precondition)] + conflicts)
  }

  private func segment(
    _ edit: WorkingFiles.Edit, _ address: DocumentAddress, _ series: String, _ number: Int, _ path: String,
    _ index: Index
  ) throws(StoreError) -> Finding {
    let newest = index.segmentRevision(Index.name(of: address), series, number)
    func write(_ text: JSONText?) -> Operation {
      .segment(address, series: series, number: number, text, .known(newest))
    }
    guard let content = edit.content else {
      guard newest != nil else { return .ignore }
      return edit.base.id == newest ? .write([write(nil)]) : .restore
    }
    let text = try Self.text(content, path)
    guard let newest, edit.base.id != newest else { return .write([write(text)]) }
    let sides = try sides(text, edit.base, newest, path)
    if let appended = sides.appended { return .write([write(text.changing(to: .array(appended)))]) }
    let merge = sides.merge
    guard let value = merge.value else { return .restore }
    let conflicts = try ConflictRecord.operations(
      merge, document: path, of: nil, ours: .hand, theirs: .library, kinds: index.kinds, makeID: makeID)
    return .write([write(text.changing(to: value))] + conflicts)
  }

  private func schema(_ edit: WorkingFiles.Edit, _ path: String) throws(StoreError) -> Finding {
    guard let content = edit.content else {
      throw StoreError(
        .refused, "\(path) was deleted by hand; its documents keep their kind.",
        hint: "Bring it back with `git checkout -- \(path)`.", document: path)
    }
    return .write([.file(path: path, content)])
  }

  /// A hand edit, what it started from, and what the store holds by now.
  private struct Sides {
    var base: JSONValue?
    var edited: JSONValue
    var newest: JSONValue

    /// The hand edit stays where both changed the same: it exists nowhere else.
    var merge: JSONMerge { JSONMerge(base: base, ours: edited, theirs: newest) }

    /// The edited items with those behind that were only appended meanwhile; nil when more was done.
    var appended: [JSONValue]? {
      guard let base = base?.array, let edited = edited.array, let newest = newest.array, newest.starts(with: base)
      else { return nil }
      return edited + newest.dropFirst(base.count)
    }
  }

  private func sides(
    _ text: JSONText, _ base: WorkingFiles.Base, _ newest: ObjectID, _ path: String,
    _ lifted: (JSONText, ObjectID?) throws(StoreError) -> JSONText = { text, _ in text }
  ) throws(StoreError) -> Sides {
    do {
      let read = try base.content.map { try JSONText(parsing: $0) } ?? base.id.map { try objects.text($0) }
      let before = try read.map { try lifted($0, base.id) }
      return Sides(base: before?.root.value, edited: text.root.value, newest: try objects.text(newest).root.value)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .damaged, "The content of \(path) cannot be read.", hint: "Run `daybook check`.", document: path, cause: error)
    }
  }

  private static func text(_ content: [UInt8], _ path: String) throws(StoreError) -> JSONText {
    do {
      return try JSONText(parsing: content)
    } catch {
      throw StoreError(.invalid, "\(path): \(error)", document: path)
    }
  }
}
