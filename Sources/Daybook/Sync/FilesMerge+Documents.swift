import Documents
import Git

/// Documents with their series.
extension FilesMerge {
  /// A document that one side deleted while the other changed it, or appended to its series, stays with all that it has there.
  mutating func joinDocument(
    _ address: DocumentAddress, _ kind: Kind, _ inFirst: [String], _ inSecond: [String]
  ) throws(GitError) {
    guard let path = try? StoreLayout.path(of: address, kind) else { return }
    let (before, one, other) = try versions(of: path)
    if other != nil || one != before { try joinHead(path, address, kind) }
    if other == nil { return }
    if one == nil {
      for path in inFirst + inSecond { try takeSecond(path) }
      return
    }
    for series in kind.series {
      let (left, right) = (numbers(inFirst, series), numbers(inSecond, series))
      guard let changed = right.min() else { continue }
      if let start = left.min() {
        let paths = SegmentPaths(series: series.name, address: address, kind: kind)
        if try join(series, paths, from: min(start, changed)) { continue }
        for path in inSecond where number(path, series) != nil { try joinWhole(path) }
      } else {
        for path in inSecond where number(path, series) != nil { try takeSecond(path) }
      }
    }
  }

  /// The document itself.
  private mutating func joinHead(_ path: String, _ address: DocumentAddress, _ kind: Kind) throws(GitError) {
    let (before, one, other) = try versions(of: path)
    guard other != before, other != one else { return }
    if one == before { return set(path, to: other) }
    let (left, right) = (try text(of: one), try text(of: other))
    guard (left == nil) == (one == nil), (right == nil) == (other == nil) else { return try joinWhole(path) }
    let old = try text(of: before)
    var merge = DocumentMerge(
      base: lifted(old, kind, base), first: lifted(left, kind, first), second: lifted(right, kind, second), of: kind)
    if merge.text?.hasMovedSecrets(since: [left, right].compactMap(\.self)) ?? false {
      merge = DocumentMerge(base: old, first: left, second: right, rules: .whole)
    }
    if let joined = merge.text { set(path, to: joined, from: one ?? other) }
    collisions += merge.collisions.map { FileCollision($0, in: "\(address)", of: kind) }
  }

  // MARK: Versions

  /// The text as the newer side of the two would have it.
  private func lifted(_ text: JSONText?, _ kind: Kind, _ side: MergeSide) -> JSONText? {
    text.map { lifting.lifted($0, of: kind, from: side) }
  }

  /// Lifts the documents that are, after the merge, as an older side has them.
  mutating func lift(_ paths: Set<String>, from side: WritableKeyPath<FilesMerge, MergeSide>) throws(GitError) {
    for path in paths.sorted() {
      guard case .document(_, let place) = StoreLayout.place(of: path, kinds),
        lifting.isOlder(kinds.all[place], in: self[keyPath: side]), let id = try self[keyPath: side].file(at: path),
        let text = try text(of: id)
      else { continue }
      let result = if let changed = changes[path] { changed } else { try first.file(at: path) }
      let lifted = lifting.lifted(text, of: kinds.all[place], from: self[keyPath: side])
      if result == id, lifted.bytes != text.bytes, !lifted.hasMovedSecrets(since: [text]) {
        set(path, to: lifted, from: id)
      }
    }
  }

  // MARK: Series

  private func number(_ path: String, _ series: Kind.Series) -> Int? {
    guard case .segment(_, series.name, let number, _) = StoreLayout.place(of: path, kinds) else { return nil }
    return number
  }

  private func numbers(_ paths: [String], _ series: Kind.Series) -> [Int] { paths.compactMap { number($0, series) } }

  /// Joins the segments from the first one on that a side changed. Answers false, and changes nothing, when one of them is
  /// no list.
  private mutating func join(
    _ series: Kind.Series, _ paths: SegmentPaths, from start: Int
  ) throws(GitError) -> Bool {
    guard let before = try items(paths, from: start, \.base), let one = try items(paths, from: start, \.first),
      let other = try items(paths, from: start, \.second)
    else { return false }
    let merge = SeriesMerge(base: before, one: first.ranked(one), other: second.ranked(other))
    let segments = merge.segments(of: series.segmentItems)
    for (place, items) in segments.enumerated() {
      guard let path = paths.path(of: start + place) else { continue }
      let old = try first.file(at: path)
      let text = try text(of: old)?.changing(to: .array(items)) ?? JSONText(formatting: .array(items))
      set(path, to: text, from: old)
    }
    var number = start + segments.count
    while let path = paths.path(of: number), try first.file(at: path) != nil {
      set(path, to: ObjectID?.none)
      number += 1
    }
    for collision in merge.collisions {
      guard let place = collision.pointer.tokens.first.flatMap({ Int($0) }),
        let path = paths.path(of: start + place / series.segmentItems)
      else { continue }
      let pointer = [String(place % series.segmentItems)] + collision.pointer.tokens.dropFirst()
      collisions.append(FileCollision(collision, in: path, at: JSONPointer(pointer)))
    }
    return true
  }

  /// The items of a side's segments from one on, up to the first that is not there; nil when one is no list.
  private mutating func items(
    _ paths: SegmentPaths, from start: Int, _ side: WritableKeyPath<FilesMerge, MergeSide>
  ) throws(GitError) -> [JSONValue]? {
    var items: [JSONValue] = []
    var number = start
    while let path = paths.path(of: number), let id = try self[keyPath: side].file(at: path) {
      guard let text = try text(of: id), text.root.kind == .array else { return nil }
      items += text.root.elements.map(\.value)
      number += 1
    }
    return items
  }
}

/// Where the segments of a series are.
private struct SegmentPaths {
  let series: String
  let address: DocumentAddress
  let kind: Kind

  func path(of number: Int) -> String? {
    try? StoreLayout.path(ofSegment: number, of: series, in: address, kind)
  }
}
