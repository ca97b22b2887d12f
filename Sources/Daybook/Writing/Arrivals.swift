import Documents
import Git

/// A file that differs between what the branch held and holds.
struct ArrivingFile {
  let path: String
  let base: ObjectID?
  let theirs: ObjectID?
  /// What our newest commit holds.
  var ours: ObjectID?
}

/// What becomes of files that arrive on the branch.
struct Arrivals {
  /// A file with what it is to hold; nil for nothing.
  struct File {
    let file: ArrivingFile
    let content: GitObject?
  }

  var files: [File] = []
  /// New documents that keep what collided, by path.
  var conflicts: [(path: String, content: GitObject)] = []
  /// Why files are not taken.
  var refusals: [String: StoreError] = [:]
  /// The kinds with the schemas among them.
  var kinds: Kinds
}

/// Works out what becomes of files that arrive: the three-way step for each, then the same checks as for any write.
struct ArrivalReader {
  private let preparer: Preparer
  private let makeID: @Sendable () -> DocumentID
  private let versions: ArrivingVersions

  private var objects: ObjectReader { preparer.objects }

  /// Whether theirs is of a newer version than ours.
  var liftsOurs: Bool { versions.liftsOurs }

  init(
    preparer: Preparer, makeID: @escaping @Sendable () -> DocumentID, move: BranchMerge.Move, head: ObjectID?
  ) throws {
    self.preparer = preparer
    self.makeID = makeID
    versions = try ArrivingVersions(move, ours: head, preparer)
  }

  func arrivals(_ files: [ArrivingFile], _ index: Index) throws -> Arrivals {
    // First the schemas: by them the others are read.
    var arrivals = try schemas(files.filter { $0.path.isSchema }, index.kinds)
    var view = index
    view.goOn(with: arrivals.kinds)
    var groups: [DocumentAddress: [ArrivingFile]] = [:]
    for file in files where !file.path.isSchema {
      if let address = StoreLayout.place(of: file.path, view.kinds).address {
        groups[address, default: []].append(file)
      } else {
        arrivals.files.append(Arrivals.File(file: file, content: try joined(file)))
      }
    }
    for (address, files) in groups.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      try add(files, of: address, view, &arrivals)
    }
    return arrivals
  }

  // MARK: Other files

  /// The three-way step for a file that is no document.
  private func joined(_ file: ArrivingFile) throws(GitError) -> GitObject? {
    if file.ours == file.base || file.ours == file.theirs { return try object(file.theirs) }
    // A deletion gives way to a change.
    guard let theirs = file.theirs else { return try object(file.ours) }
    guard let ours = file.ours else { return try object(theirs) }
    guard let text = try? objects.text(ours), let arriving = try? objects.text(theirs) else { return try object(ours) }
    let base = file.base.flatMap { try? objects.text($0) }
    let merge = JSONMerge(base: base?.root.value, ours: text.root.value, theirs: arriving.root.value)
    guard let value = merge.value else { return nil }
    return GitObject(.blob, text.changing(to: value).bytes, predecessor: ours)
  }

  private func object(_ id: ObjectID?) throws(GitError) -> GitObject? {
    try id.map { id throws(GitError) in GitObject(.blob, try objects.blob(id)) }
  }

  /// Schemas that are broken stay as we hold them.
  private func schemas(_ files: [ArrivingFile], _ kinds: Kinds) throws -> Arrivals {
    var arriving: [(file: ArrivingFile, content: GitObject?, schema: SchemaFile)] = []
    for file in files {
      let content = try joined(file)
      if let schema = SchemaFile(path: file.path, bytes: content?.content) { arriving.append((file, content, schema)) }
    }
    var arrivals = Arrivals(kinds: kinds.changingWhereGood(arriving.map(\.schema)))
    for (file, content, schema) in arriving {
      let isTaken = arrivals.kinds.kind(named: schema.kind)?.schemaID == content?.id
      arrivals.files.append(Arrivals.File(file: file, content: isTaken ? content : try object(file.ours)))
      if isTaken { continue }
      do {
        _ = try arrivals.kinds.changing([schema])
      } catch {
        arrivals.refusals[file.path] = error
      }
    }
    return arrivals
  }

  // MARK: Documents

  /// A document with its segments is taken as a whole or not at all.
  private func add(
    _ files: [ArrivingFile], of address: DocumentAddress, _ view: Index, _ arrivals: inout Arrivals
  ) throws {
    do throws(StoreError) {
      let (operations, conflicts) = try operations(files, of: address, view)
      let changes = try prepared(operations, view)
      for file in files {
        let change = changes.first { $0.path == file.path }
        let content = if let change { change.content } else { try unchanged(file) }
        arrivals.files.append(Arrivals.File(file: file, content: content))
      }
      for change in try preparer.prepare(conflicts, on: view) {
        if let content = change.content { arrivals.conflicts.append((change.path, content)) }
      }
    } catch {
      guard error.isAboutContent else { throw error }
      for file in files {
        arrivals.files.append(Arrivals.File(file: file, content: try object(file.ours)))
        arrivals.refusals[file.path] = error
      }
    }
  }

  /// What another machine has sealed is taken as it is where its key is not known.
  private func prepared(_ operations: [Operation], _ view: Index) throws(StoreError) -> [FileChange] {
    do {
      return try preparer.prepare(operations, on: view)
    } catch  where error.code == .keyMissing {
      return try preparer.prepare(operations.map { $0.keepingSealed(view) }, on: view)
    }
  }

  private func unchanged(_ file: ArrivingFile) throws(StoreError) -> GitObject? {
    try StoreOpening.reading(file.path) { () throws(GitError) in try object(file.ours) }
  }

  private func operations(
    _ files: [ArrivingFile], of address: DocumentAddress, _ view: Index
  ) throws(StoreError) -> ([Operation], conflicts: [Operation]) {
    var (writes, deletions): ([Operation], [Operation]) = ([], [])
    var conflicts: [Operation] = []
    for file in files {
      guard file.theirs != file.ours else { continue }
      switch StoreLayout.place(of: file.path, view.kinds) {
      case .document(_, let kind):
        guard file.theirs != nil || file.base == nil else {
          if file.ours == file.base, isUntouched(address, files, view) { deletions = [.delete(address, .none)] }
          continue
        }
        let (text, collisions) = try joined(file, address, view.kinds.all[kind], view.kinds)
        if let text { writes.insert(.put(address, .text(text), .none), at: 0) }
        conflicts += collisions
      case .segment(_, let series, let number, _):
        guard file.theirs != nil || file.ours == file.base else { continue }
        let (text, collisions) = try joined(file, address, nil, view.kinds)
        writes.append(.segment(address, series: series, number: number, text, .unknown))
        conflicts += collisions
      case .schema, .other: continue
      }
    }
    return (deletions.isEmpty ? writes : deletions, conflicts)
  }

  /// Whether all segments of a document that goes away go with it: a deletion gives way to what was appended meanwhile.
  private func isUntouched(_ address: DocumentAddress, _ files: [ArrivingFile], _ view: Index) -> Bool {
    let gone = files.count { $0.theirs == nil && $0.ours != nil && $0.ours == $0.base }
    return view.segmentCount(of: Index.name(of: address)) <= gone - 1
  }

  /// The three-way step for a document, whose kind is given, or for a segment.
  private func joined(
    _ file: ArrivingFile, _ address: DocumentAddress, _ kind: Kind?, _ kinds: Kinds
  ) throws(StoreError) -> (JSONText?, conflicts: [Operation]) {
    func text(_ id: ObjectID?, _ side: ArrivingVersions.Side) throws(StoreError) -> JSONText? {
      guard let id else { return nil }
      let text: JSONText
      do {
        text = try objects.text(id)
      } catch {
        throw StoreError(.invalid, "\(file.path): \(error)", document: file.path)
      }
      guard let kind else { return text }
      return try versions.lifted(text, id, at: file.path, of: kind, address, side)
    }
    let theirs = try text(file.theirs, .theirs)
    guard file.ours != file.base, let ours = try text(file.ours, .ours) else { return (theirs, []) }
    let base = try text(file.base, .base)
    let merge = JSONMerge(base: base?.root.value, ours: ours.root.value, theirs: theirs?.root.value)
    let conflicts = try ConflictRecord.operations(
      merge, document: kind == nil ? file.path : "\(address)", of: kind, ours: .library, theirs: .hand, kinds: kinds,
      makeID: makeID)
    return (merge.value.map { ours.changing(to: $0) } ?? ours, conflicts)
  }
}

extension Operation {
  /// A put whose envelopes count as having stood there before: they are not opened.
  fileprivate func keepingSealed(_ index: Index) -> Operation {
    guard case .put(let address, .text(let text), _) = self,
      let kind = try? index.kinds.kind(of: address.collection.text),
      let path = try? StoreLayout.path(of: address, kind)
    else { return self }
    return .restore(
      Restoration(
        target: .document(address, kind), path: path, basis: index.document(Index.name(of: address))?.revision,
        content: .text(text), earlier: text))
  }
}

extension StoreLayout.Place {
  var isNoDocument: Bool { address == nil }

  /// The document that a file is, or belongs to.
  var address: DocumentAddress? {
    switch self {
    case .document(let address, _), .segment(of: let address, _, _, _): address
    case .schema, .other: nil
    }
  }
}

extension StoreError {
  /// Whether it is about what somebody wrote, and not about the disk or the system.
  var isAboutContent: Bool { [.invalid, .keyMissing, .limit, .refused, .notFound, .usage].contains(code) }
}
