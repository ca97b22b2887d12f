import Daybook
package import Documents

/// The newest items of a series.
package struct SeriesTail: Sendable, Equatable {
  /// How many older items there are.
  package let first: Int
  package let items: [JSONValue]

  package init(first: Int, items: [JSONValue]) {
    self.first = first
    self.items = items
  }
}

extension Snapshot {
  /// The newest items of a series, as many as a state holds, and fewer when they are large.
  func tail(of series: String, of address: String) throws(StoreError) -> SeriesTail {
    let end = try seriesEnd(series, of: address, limit: Limits.stateItems)
    return SeriesTail(first: end.first, items: end.items)
  }

  /// Some items of a series, oldest first, from place `first` on: at most as many as a state holds, and fewer when they
  /// are large.
  func items(
    of series: String, of document: Document, from first: Int, limit: Int
  ) throws(StoreError) -> [JSONValue] {
    try seriesPage(
      series, of: "\(document.address)", from: max(0, first), limit: min(max(0, limit), Limits.stateItems))
  }
}
