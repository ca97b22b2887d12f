public import Documents

extension Snapshot {
  /// The items of a series, oldest first, from place `first` (0 is the oldest), `limit` at most.
  public func series(
    _ series: String, of address: String, from first: Int = 0, limit: Int = .max
  ) throws(StoreError) -> [JSONValue] {
    try items(of: series, in: address, from: first, limit: limit, bytes: .max)
  }

  /// The same up to so many bytes: fewer items when they are large, and one at least.
  package func seriesPage(
    _ series: String, of address: String, from first: Int, limit: Int, bytes: Int = Limits.pageBytes
  ) throws(StoreError) -> [JSONValue] {
    try items(of: series, in: address, from: first, limit: limit, bytes: bytes)
  }

  /// The newest items of a series, oldest first, and the place of the first of them: at most so many, and no more
  /// behind the one that brings them to so many bytes.
  package func seriesEnd(
    _ series: String, of address: String, limit: Int, bytes bound: Int = Limits.pageBytes
  ) throws(StoreError) -> (first: Int, items: [JSONValue]) {
    let (address, segments) = try segments(of: series, in: address)
    var (items, bytes): ([JSONValue], Int) = ([], 0)
    search: for segment in segments.reversed() {
      for item in try text(segment.revision, of: address).root.elements.reversed() {
        if items.count >= limit || bytes >= bound { break search }
        items.append(item.value)
        bytes += item.range.count
      }
    }
    return (segments.reduce(0) { $0 + $1.items } - items.count, items.reversed())
  }

  /// How many items a series has. Never touches the disk.
  public func seriesCount(_ series: String, of address: String) throws(StoreError) -> Int {
    index.segments(of: Index.name(of: try kinds.address(address)), series: series).reduce(0) { $0 + $1.items }
  }

  private func items(
    of series: String, in address: String, from first: Int, limit: Int, bytes bound: Int
  ) throws(StoreError) -> [JSONValue] {
    let (address, segments) = try segments(of: series, in: address)
    var (items, bytes, place): ([JSONValue], Int, Int) = ([], 0, 0)
    for segment in segments {
      defer { place += segment.items }
      if place + segment.items <= first { continue }
      for (offset, item) in try text(segment.revision, of: address).root.elements.enumerated() {
        if place + offset < first { continue }
        if items.count >= limit || bytes >= bound { return items }
        items.append(item.value)
        bytes += item.range.count
      }
    }
    return items
  }

  private func segments(
    of series: String, in address: String
  ) throws(StoreError) -> (DocumentAddress, [Index.SegmentState]) {
    let address = try kinds.address(address)
    _ = try kinds.kind(of: address.collection.text).series(named: series)
    guard index.document(Index.name(of: address)) != nil else { throw Preparer.missing(address) }
    return (address, index.segments(of: Index.name(of: address), series: series))
  }
}
