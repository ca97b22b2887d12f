import Documents

/// What becomes of a series: appended to, cut and continued, or one segment set as a person edited it.
extension Preparer {
  func append(
    _ items: [JSONValue], to name: String, of address: DocumentAddress, _ draft: inout Draft
  ) throws(StoreError) {
    let (kind, series) = try series(name, of: address, draft)
    for (place, item) in items.enumerated() {
      try Self.checkDepth(of: item, below: 1, address)
      try Self.validate(JSONText(formatting: item).root, against: series.itemSchema, "\(address) \(name)[\(place)]")
    }
    var rest = items[...]
    while !rest.isEmpty {
      let last = try draft.lastSegment(of: address, kind, name)
      let isFull = last.map { $0.items >= series.segmentItems } ?? true
      let room = isFull ? series.segmentItems : series.segmentItems - (last?.items ?? 0)
      let part = Array(rest.prefix(room))
      rest = rest.dropFirst(part.count)
      let base = isFull ? nil : last
      let text = try SeriesSegment.appending(part, to: base?.text)
      try draft.setSegment(
        number: isFull ? (last?.number ?? 0) + 1 : (last?.number ?? 1), of: name, in: address, kind, to: text,
        items: (base?.items ?? 0) + part.count)
    }
  }

  func replaceItems(
    of name: String, in address: DocumentAddress, from place: Int, expecting expected: [JSONValue]?,
    with items: [JSONValue], _ draft: inout Draft
  ) throws(StoreError) {
    let (kind, _) = try series(name, of: address, draft)
    var start = 0
    var found: [JSONValue] = []
    for (number, count) in draft.segments(of: address, name) {
      defer { start += count }
      guard start + count > place else { continue }
      let kept = max(0, place - start)
      let cut = try draft.cutSegment(number, of: name, in: address, kind, to: kept)
      if expected != nil { found += cut.root.elements.dropFirst(kept).map(\.value) }
    }
    guard (0...start).contains(place), expected.map({ $0 == found }) ?? true else {
      throw StoreError(
        .conflict, "The series '\(name)' of '\(address)' does not go on from place \(place) as it was expected to.",
        hint: "Read it again, and write on what is there now.", document: "\(address)")
    }
    try append(items, to: name, of: address, &draft)
  }

  func setSegment(
    _ number: Int, of name: String, in address: DocumentAddress, to text: JSONText?, _ draft: inout Draft
  ) throws(StoreError) {
    let (kind, series) = try series(name, of: address, draft)
    let place = "\(address) \(name) \(number)"
    if let text {
      guard text.root.kind == .array else {
        throw StoreError(.invalid, "\(place): a segment is an array of items.", document: "\(address)")
      }
      for item in text.root.elements { try Self.validate(item, against: series.itemSchema, place) }
    }
    try draft.setSegment(number: number, of: name, in: address, kind, to: text, items: text?.root.count ?? 0)
  }

  private func series(
    _ name: String, of address: DocumentAddress, _ draft: Draft
  ) throws(StoreError) -> (Kind, Kind.Series) {
    let kind = try draft.kinds.kind(of: address.collection.text)
    let series = try kind.series(named: name)
    guard try draft.document(address, kind) != nil else { throw Self.missing(address) }
    return (kind, series)
  }
}
