import Documents
import Git

/// A hand edit that can be taken in, and what that means.
struct FoundEdit {
  var path: String
  var place: StoreLayout.Place
  var edit: WorkingFiles.Edit
  /// What the store holds.
  var newest: ObjectID?
  var finding: HandEditReader.Finding

  var operations: [Operation] {
    if case .write(let operations) = finding { operations } else { [] }
  }

  var isNobodys: Bool {
    if case .ignore = finding { true } else { false }
  }

  /// The document that it brings anew, if it does.
  var created: DocumentAddress? {
    guard case .document(let address, _) = place, newest == nil, !operations.isEmpty else { return nil }
    return address
  }

  /// The document that it deletes, if it does.
  var deleted: DocumentAddress? {
    guard case .document(let address, _) = place, case .delete? = operations.first else { return nil }
    return address
  }

  var adoption: WorkingFiles.Adoption {
    WorkingFiles.Adoption(path: path, id: edit.id, content: edit.content, newest: newest)
  }

  /// In portions that one transaction takes.
  static func batches(_ found: [FoundEdit], documents limit: Int = Limits.transactionDocuments) -> [[FoundEdit]] {
    var batches: [[FoundEdit]] = []
    var (count, bytes) = (0, 0)
    for edit in found {
      let size = edit.edit.content?.count ?? 0
      let isFull = count + edit.operations.count > limit || bytes + size > Limits.transactionBytes
      if batches.isEmpty || isFull {
        batches.append([])
        (count, bytes) = (0, 0)
      }
      batches[batches.count - 1].append(edit)
      count += edit.operations.count
      bytes += size
    }
    return batches
  }
}

/// A document that was changed by hand just before somebody writes it.
struct TakenEdit {
  var address: DocumentAddress
  /// What it was before the edit.
  var before: ObjectID?

  /// Nil for what is no document.
  init?(_ found: FoundEdit) {
    guard case .write = found.finding, case .document(let address, _) = found.place else { return nil }
    self.address = address
    before = found.newest
  }
}
