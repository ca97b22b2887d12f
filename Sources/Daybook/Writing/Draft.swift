import Documents
import Git

/// The files that a transaction has changed so far, over one state of the store: each operation sees those before it.
struct Draft {
  /// A document as the transaction sees it.
  struct Document {
    var text: JSONText
    var revision: ObjectID
  }

  struct Segment {
    var number: Int
    var items: Int
    var text: JSONText
  }

  private enum Target {
    case document(DocumentAddress, Kind)
    case segment(DocumentAddress, series: String, number: Int)
    case file(FileBasis)
  }

  /// What the newest commit holds of a file.
  enum FileBasis {
    /// Whatever it is.
    case unknown
    /// This must be it, nil for nothing.
    case known(ObjectID?)
  }

  private struct File {
    var target: Target
    /// What the store holds; nil for nothing.
    var basis: Document?
    /// What the transaction makes of it; nil for nothing.
    var text: JSONText?
    /// The same for a file that need not be JSON.
    var bytes: [UInt8]?
    var items = 0
    /// For a segment that is cut: whether it is the last one that the store holds.
    var endsSeries = false

    /// Whether it is not in the index: the writer compares it with the newest commit.
    var isPlain: Bool {
      if case .file = target { true } else { false }
    }

    var basisRevision: ObjectID? {
      if case .file(.known(let revision)) = target { revision } else { basis?.revision }
    }
  }

  private let index: Index
  var kinds: Kinds { index.kinds }
  private let objects: ObjectReader
  private var files: [String: File] = [:]
  /// In the order in which they were first changed.
  private var order: [String] = []
  /// The paths of the changed segments.
  private var segments: [Series: [String]] = [:]

  private struct Series: Hashable {
    var document: DocumentAddress
    var name: String
  }

  init(index: Index, objects: ObjectReader) {
    self.index = index
    self.objects = objects
  }

  // MARK: Documents

  func document(_ address: DocumentAddress, _ kind: Kind) throws(StoreError) -> Document? {
    if !files.isEmpty, let file = files[try StoreLayout.path(of: address, kind)] {
      return file.text.map { Document(text: $0, revision: ObjectID(hashing: $0.bytes, as: .blob)) }
    }
    guard let state = index.document(Index.name(of: address)) else { return nil }
    return Document(text: try text(state.revision, { "\(address)" }), revision: state.revision)
  }

  /// `current` is the document as `document(_:_:)` gave it just before.
  mutating func setDocument(
    _ address: DocumentAddress, _ kind: Kind, from current: Document?, to text: JSONText?
  ) throws(StoreError) {
    let path = try StoreLayout.path(of: address, kind)
    // At the first change of a document, the current one is the store's.
    var file = files[path] ?? File(target: .document(address, kind), basis: current)
    file.text = text
    file.bytes = text?.bytes
    if files.updateValue(file, forKey: path) == nil { order.append(path) }
  }

  // MARK: Series

  /// The segments of a series, oldest first, and how many items each has.
  func segments(of address: DocumentAddress, _ series: String) -> [(number: Int, items: Int)] {
    var found: [Int: Int] = [:]
    for stored in index.segments(of: Index.name(of: address), series: series) { found[stored.number] = stored.items }
    for path in segments[Series(document: address, name: series), default: []] {
      guard let file = files[path], case .segment(_, _, let number) = file.target else { continue }
      found[number] = file.text == nil ? nil : file.items
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  func lastSegment(of address: DocumentAddress, _ kind: Kind, _ series: String) throws(StoreError) -> Segment? {
    guard segments[Series(document: address, name: series)] != nil else {
      let stored = index.lastSegment(of: Index.name(of: address), series: series)
      return try stored.map { stored throws(StoreError) in
        Segment(number: stored.number, items: stored.items, text: try text(stored.revision, { "\(address) \(series)" }))
      }
    }
    guard let last = segments(of: address, series).last else { return nil }
    return Segment(
      number: last.number, items: last.items, text: try segmentText(last.number, of: series, in: address, kind))
  }

  private func segmentText(
    _ number: Int, of series: String, in address: DocumentAddress, _ kind: Kind
  ) throws(StoreError) -> JSONText {
    let path = try StoreLayout.path(ofSegment: number, of: series, in: address, kind)
    if let text = files[path]?.text { return text }
    guard let revision = segmentRevision(number, of: series, in: address) else {
      preconditionFailure("Only segments that are there are read.")
    }
    return try text(revision, { path })
  }

  /// Leaves of a segment only its first items, or nothing of it; returns what it was.
  mutating func cutSegment(
    _ number: Int, of series: String, in address: DocumentAddress, _ kind: Kind, to count: Int
  ) throws(StoreError) -> JSONText {
    let whole = try segmentText(number, of: series, in: address, kind)
    let text = count == 0 ? nil : SeriesSegment.keeping(count, of: whole)
    try setSegment(number: number, of: series, in: address, kind, to: text, items: count)
    let last = index.lastSegment(of: Index.name(of: address), series: series)
    if last?.number == number {
      files[try StoreLayout.path(ofSegment: number, of: series, in: address, kind)]?.endsSeries = true
    }
    return whole
  }

  /// What the store holds of a segment; nil for nothing.
  func segmentRevision(_ number: Int, of series: String, in address: DocumentAddress) -> ObjectID? {
    index.segmentRevision(Index.name(of: address), series, number)
  }

  /// The sequence of the last change of a document or of one of its series; nil when there is no such document.
  func lastChange(of address: DocumentAddress) -> UInt64? { index.document(Index.name(of: address))?.sequence }

  mutating func setSegment(
    number: Int, of series: String, in address: DocumentAddress, _ kind: Kind, to text: JSONText?, items: Int
  ) throws(StoreError) {
    let path = try StoreLayout.path(ofSegment: number, of: series, in: address, kind)
    if files[path] == nil {
      let basis = try segmentRevision(number, of: series, in: address).map { revision throws(StoreError) in
        Document(text: try self.text(revision, { path }), revision: revision)
      }
      add(path, File(target: .segment(address, series: series, number: number), basis: basis))
      segments[Series(document: address, name: series), default: []].append(path)
    }
    files[path]?.text = text
    files[path]?.bytes = text?.bytes
    files[path]?.items = items
  }

  mutating func deleteSegments(of address: DocumentAddress, _ kind: Kind, _ series: String) throws(StoreError) {
    for segment in index.segments(of: Index.name(of: address), series: series) {
      try setSegment(number: segment.number, of: series, in: address, kind, to: nil, items: 0)
    }
    for path in segments[Series(document: address, name: series), default: []] {
      files[path]?.bytes = nil
      files[path]?.text = nil
    }
  }

  // MARK: Other files

  mutating func setFile(_ path: String, to bytes: [UInt8]?, from basis: FileBasis) throws(StoreError) {
    if files[path] == nil { add(path, File(target: .file(basis))) }
    files[path]?.bytes = bytes
  }

  /// The schemas that the transaction changes.
  var schemas: [SchemaFile] {
    order.compactMap { path in
      guard let file = files[path], file.isPlain else { return nil }
      return SchemaFile(path: path, bytes: file.bytes)
    }
  }

  // MARK: The outcome

  /// What is different in the end; a file that came out as it was is no change.
  func outcome() -> (changes: [FileChange], kept: [KeptDocument]) {
    var changes: [FileChange] = []
    var kept: [KeptDocument] = []
    changes.reserveCapacity(order.count)
    for path in order {
      guard let file = files[path] else { continue }
      let content = file.bytes.map { GitObject(.blob, $0, predecessor: file.basisRevision) }
      if content?.id == file.basisRevision, !file.isPlain {
        if case .document(let address, _) = file.target {
          kept.append(KeptDocument(name: Index.name(of: address), revision: content?.id))
        }
        continue
      }
      changes.append(change(path, file, content))
    }
    return (changes, kept)
  }

  private func change(_ path: String, _ file: File, _ content: GitObject?) -> FileChange {
    let (index, name): (IndexChange?, String)
    switch file.target {
    case .document(let address, let kind):
      name = "\(address)"
      index = .document(address, kind, old: file.basis?.text.root, new: file.text?.root, revision: content?.id)
    case .segment(let address, let series, let number):
      name = "\(address) \(series)"
      let segment = content.map { IndexChange.Segment(revision: $0.id, items: file.items) }
      index = IndexChange(
        name: Index.name(of: address), content: .segment(series: series, number: number, segment))
    case .file:
      name = path
      index = nil
    }
    let summary = FileChange.Summary(name: name, words: words(file), isDocument: !file.isPlain)
    var change = FileChange(path: path, basis: file.basisRevision, content: content, index: index, summary: summary)
    if case .file(.known) = file.target { change.mustMatchBasis = true }
    change.endsSeries = file.endsSeries
    return change
  }

  private func words(_ file: File) -> String {
    switch (file.target, file.basis, file.text) {
    case (.segment, let basis, .some):
      let added = file.items - (basis?.text.root.count ?? 0)
      if added == 0 { return "changed" }
      return "\(added < 0 ? "−" : "+") \(abs(added)) \(abs(added) == 1 ? "item" : "items")"
    case (.file, _, _): return file.bytes == nil ? "deleted" : "written"
    case (_, .none, _): return "created"
    case (_, _, .none): return "deleted"
    case (.document, .some(let basis), .some(let text)):
      let changes = JSONDiff.between(basis.text.root, text.root)
      return changes.isEmpty ? "formatted" : changes.prefix(3).map(\.words).joined(separator: ", ")
    }
  }

  private mutating func add(_ path: String, _ file: File) {
    files[path] = file
    order.append(path)
  }

  private func text(_ revision: ObjectID, _ name: () -> String) throws(StoreError) -> JSONText {
    do {
      return try objects.text(revision)
    } catch {
      throw StoreError(
        .damaged, "The content of '\(name())' cannot be read.", hint: "Run `daybook check`.", document: name(),
        cause: error)
    }
  }
}
