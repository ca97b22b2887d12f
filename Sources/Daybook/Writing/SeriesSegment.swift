import Documents

/// A segment of a series: a JSON array with an item's text on lines of its own, so that an append is a few added lines in
/// `git diff` and never touches the items before it but for one comma.
enum SeriesSegment {
  /// The text of a segment with these items behind the ones it has.
  static func appending(_ items: [JSONValue], to base: JSONText?) throws(StoreError) -> JSONText {
    let text = base ?? JSONText(formatting: .array([]))
    let edits = items.map { JSONEdit.insert(JSONPointer(["-"]), $0) }
    do {
      return base == nil ? JSONText(formatting: .array(items)) : try text.applying(edits)
    } catch {
      throw StoreError(.damaged, "A segment of a series is not a list.", cause: error)
    }
  }

  /// The text of a segment with its first items only.
  static func keeping(_ count: Int, of text: JSONText) -> JSONText {
    text.changing(to: .array(text.root.elements.prefix(count).map(\.value)))
  }
}
