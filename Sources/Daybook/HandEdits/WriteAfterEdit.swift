import Documents
import Git

/// Joins a write with hand edits that were taken in just before it, of which whoever wishes the write cannot know.
///
/// Patches go on top as they are, and so does what names the revision that it expects: that fails, as it should. A document
/// that is put whole would take the edit back; so what the write changes, against the document before the edit, is put
/// on top of the edited one. Where both changed a member, the write stays and the edit is kept as a conflict.
struct WriteAfterEdit {
  let objects: ObjectReader
  let makeID: @Sendable () -> DocumentID

  func joined(
    _ operations: [Operation], with edits: [TakenEdit], origin: Origin, _ index: Index
  ) throws(StoreError) -> [Operation] {
    var result: [Operation] = []
    for operation in operations {
      guard case .put(let address, let content, .none) = operation,
        let edit = edits.first(where: { $0.address == address })
      else {
        result.append(operation)
        continue
      }
      result += try joined(content, address, edit, origin, index)
    }
    return result
  }

  private func joined(
    _ content: Operation.Content, _ address: DocumentAddress, _ edit: TakenEdit, _ origin: Origin, _ index: Index
  ) throws(StoreError) -> [Operation] {
    let wished =
      switch content {
      case .text(let text): text.root.value
      case .value(let value): value
      }
    do {
      let before = try edit.before.map { try objects.text($0).root.value }
      let edited = try index.document(Index.name(of: address)).map { try objects.text($0.revision).root.value }
      let merge = JSONMerge(base: before, ours: wished, theirs: edited)
      let kind = try index.kinds.kind(of: address.collection.text)
      let conflicts = try ConflictRecord.operations(
        merge, document: "\(address)", of: kind, ours: origin, theirs: .hand, kinds: index.kinds, makeID: makeID)
      return [.put(address, .value(merge.value ?? wished), .none)] + conflicts
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .damaged, "The content of '\(address)' cannot be read.", hint: "Run `daybook check`.", document: "\(address)",
        cause: error)
    }
  }
}
