import Documents
import Git

/// A file that goes back to what it was, or to something made of that: one step of a `HistoryPlan`.
struct Restoration: Sendable {
  enum Target: Sendable {
    /// The kind is the one whose rules will hold when the plan has been carried out.
    case document(DocumentAddress, Kind)
    case segment(DocumentAddress, Kind, series: String, number: Int)
    case file
  }

  let target: Target
  let path: String
  /// What must still be there when it happens; nil for nothing.
  let basis: ObjectID?
  /// What will be there; nil for nothing.
  let content: Body?
  /// For a document that goes away: the sequence of its last change, so that nothing that was appended to one of its
  /// series meanwhile goes with it.
  var lastChange: UInt64?
  /// An earlier text of the document: what is sealed in it may stand in its place again, unopened.
  var earlier: JSONText?

  /// The document's address, with the name of its series for a segment; or the path.
  var name: String {
    switch target {
    case .document(let address, _): "\(address)"
    case .segment(let address, _, let series, _): "\(address) \(series)"
    case .file: path
    }
  }

  var address: DocumentAddress? {
    switch target {
    case .document(let address, _), .segment(let address, _, _, _): address
    case .file: nil
    }
  }
}

extension Preparer {
  func restore(_ restoration: Restoration, _ draft: inout Draft) throws(StoreError) {
    switch restoration.target {
    case .document(let address, let kind):
      try restore(restoration, of: address, kind, &draft)
    case .segment(let address, let kind, let series, let number):
      guard draft.segmentRevision(number, of: series, in: address) == restoration.basis else {
        throw Self.changedMeanwhile(restoration)
      }
      let text = try read(restoration)
      try text.map { text throws(StoreError) in try validate(text, of: kind.series(named: series), address) }
      try draft.setSegment(number: number, of: series, in: address, kind, to: text, items: text?.root.count ?? 0)
    case .file:
      try draft.setFile(restoration.path, to: restoration.content?.bytes, from: .known(restoration.basis))
    }
  }

  private func restore(
    _ restoration: Restoration, of address: DocumentAddress, _ kind: Kind, _ draft: inout Draft
  ) throws(StoreError) {
    let current = try draft.document(address, kind)
    // It went with what it belongs to.
    if current == nil, restoration.content == nil { return }
    guard current?.revision == restoration.basis else { throw Self.changedMeanwhile(restoration) }
    if let text = try read(restoration) {
      return try write(text, to: address, kind, current, earlier: restoration.earlier, &draft)
    }
    guard draft.lastChange(of: address) == restoration.lastChange else { throw Self.changedMeanwhile(restoration) }
    try remove(address, kind, current, &draft)
  }

  /// A segment cannot come back to a document that was deleted meanwhile. Seen when all is done: its document may come back
  /// behind it.
  func checkHasDocument(_ restoration: Restoration, _ draft: Draft) throws(StoreError) {
    guard case .segment(let address, let kind, _, _) = restoration.target, restoration.content != nil else { return }
    if try draft.document(address, kind) == nil { throw Self.changedMeanwhile(restoration) }
  }

  private func validate(
    _ segment: JSONText, of series: Kind.Series, _ address: DocumentAddress
  ) throws(StoreError) {
    for (place, item) in segment.root.elements.enumerated() {
      try Self.validate(item, against: series.itemSchema, "\(address) \(series.name)[\(place)]")
    }
  }

  private func read(_ restoration: Restoration) throws(StoreError) -> JSONText? {
    switch restoration.content {
    case nil: return nil
    case .text(let text): return text
    case .bytes(let bytes):
      do {
        return try JSONText(parsing: bytes)
      } catch {
        throw StoreError(.invalid, "'\(restoration.name)' was not JSON then.", document: restoration.name, cause: error)
      }
    }
  }

  static func changedMeanwhile(_ restoration: Restoration) -> StoreError {
    changedMeanwhile(restoration.name)
  }

  static func changedMeanwhile(_ name: String) -> StoreError {
    StoreError(
      .conflict, "'\(name)' was changed meanwhile; nothing was written.",
      hint: "Look again at what would change, and repeat it.", document: name)
  }
}
