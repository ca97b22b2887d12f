import Documents
import Git
import Storage

/// Proves that index, working files, Git index and newest commit say the same, and that each document keeps the rules of
/// its kind. Everything is read: that it can be is a part of the proof.
struct StoreCheck {
  let parts: StoreParts
  let progress: (_ done: Int, _ total: Int) -> Void

  private static let progressSteps = 256

  func run() throws(StoreError) -> CheckReport {
    var report = CheckReport()
    let state = parts.published.current
    guard let head = state.head else { return report }
    let root = try StoreOpening.reading("the newest commit") { () throws(GitError) in
      try parts.objects.commit(head).tree
    }
    report.rootHash = root.hex
    var files: [(path: String, id: ObjectID)] = []
    try StoreOpening.reading("the newest commit") { () throws(GitError) in
      try TreeDifference(objects: parts.objects).visitAll(root) { path, id in files.append((path, id)) }
    }
    report.files = files.count
    for (place, file) in files.enumerated() {
      if place % Self.progressSteps == 0 { progress(place, files.count) }
      try check(file.path, file.id, state.index.kinds, &report)
    }
    progress(files.count, files.count)
    try checkIndex(state, head, &report)
    try checkGitIndex(files, &report)
    for problem in parts.handEdits.schemaProblems {
      report.findings.append(.init(kind: .schema, place: problem.error.document ?? "", message: problem.error.message))
    }
    return report
  }

  // MARK: Files and documents

  private func check(
    _ path: String, _ id: ObjectID, _ kinds: Kinds, _ report: inout CheckReport
  ) throws(StoreError) {
    let found = try parts.workingFiles.look(at: path)
    if let obstacle = found.obstacle {
      report.findings.append(.init(kind: .file, place: path, message: "the file cannot be read: \(obstacle.reason)"))
    } else if found.id != id {
      report.findings.append(
        .init(
          kind: .file, place: path,
          message: found.id == nil ? "the file is missing" : "the file was edited, and that is not in the store yet"))
    }
    guard case .document(let address, let place) = StoreLayout.place(of: path, kinds) else { return }
    report.documents += 1
    do throws(StoreError) {
      let text = try read(id, address)
      try Preparer.validate(text.root, against: kinds.all[place].schema, "\(address)")
    } catch {
      report.findings.append(.init(kind: .document, place: "\(address)", message: error.message))
    }
  }

  private func read(_ id: ObjectID, _ address: DocumentAddress) throws(StoreError) -> JSONText {
    do {
      return try parts.objects.text(id)
    } catch {
      throw StoreError(.invalid, "it is no JSON: \(error)", document: "\(address)")
    }
  }

  // MARK: Indexes

  /// Makes the index anew from all commits and compares.
  private func checkIndex(
    _ state: PublishedState.State, _ head: ObjectID, _ report: inout CheckReport
  ) throws(StoreError) {
    let builder = IndexBuilder(objects: parts.objects)
    let line = state.index.commits(after: 0, limit: .max).map(\.id)
    try checkLine(line, head, &report)
    let (rebuilt, sequence) = try builder.extended(Index(), from: nil, at: 0, along: line)
    report.commits = line.count
    if sequence != state.sequence {
      report.findings.append(
        .init(kind: .index, place: "sequence", message: "it is \(state.sequence), the commits say \(sequence)"))
    }
    var (left, right) = (state.index.tree.cursor(), rebuilt.tree.cursor())
    while true {
      let (hasLeft, hasRight) = (left.next(), right.next())
      guard hasLeft || hasRight else { return }
      if hasLeft, hasRight, left.key == right.key, left.value == right.value { continue }
      let key = hasLeft ? left.key : right.key
      report.findings.append(
        .init(
          kind: .index, place: String(decoding: key.map { $0 == 0 ? 32 : $0 }, as: UTF8.self),
          message: "the index differs from the commits from here on"))
      return
    }
  }

  /// Each commit of the line must be a child of the one before, from the first to the newest.
  private func checkLine(_ line: [ObjectID], _ head: ObjectID, _ report: inout CheckReport) throws(StoreError) {
    var before: ObjectID?
    for id in line {
      let parents = try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in
        try parts.objects.commit(id).parents
      }
      if before.map(parents.contains) ?? parents.isEmpty {
        before = id
        continue
      }
      report.findings.append(
        .init(kind: .index, place: id.short, message: "the commit does not follow the one that the index has before it")
      )
      return
    }
    if before != head {
      report.findings.append(
        .init(kind: .index, place: head.short, message: "the index does not end at the newest commit"))
    }
  }

  private func checkGitIndex(
    _ files: [(path: String, id: ObjectID)], _ report: inout CheckReport
  ) throws(StoreError) {
    let index: IndexFile
    do {
      index = try IndexFile(parsing: parts.fileSystem.read("\(parts.root)/\(StoreLayout.gitIndex)"))
    } catch {
      return report.findings.append(.init(kind: .gitIndex, place: StoreLayout.gitIndex, message: "\(error)"))
    }
    var expected = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.id) })
    for place in 0..<index.count {
      let path = String(decoding: index.path(at: place), as: UTF8.self)
      let id = expected.removeValue(forKey: path)
      guard id != index.id(at: place) else { continue }
      report.findings.append(
        .init(
          kind: .gitIndex, place: path,
          message: id == nil ? "Git has it staged, the newest commit lacks it" : "Git has another version staged"))
    }
    for path in expected.keys.sorted() {
      report.findings.append(.init(kind: .gitIndex, place: path, message: "Git's index lacks it"))
    }
  }
}

extension Store {
  /// Proves that index, files and commits say the same. Takes as long as reading everything does.
  ///
  /// - Parameter progress: Called now and then with how many files are done, and of how many.
  public func check(progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }) async throws
    -> CheckReport
  {
    try await settle()
    return try await Blocking.run { try StoreCheck(parts: self.parts, progress: progress).run() }
  }

  /// Waits until everything that was acknowledged is in the archive, the working files and the Git index.
  public func settle() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let tree = parts.workingTree
      parts.queue.whenArchived(parts.published.current.sequence) { failure in
        if let failure { return continuation.resume(throwing: failure) }
        tree.whenSettled { failure in
          if let failure { continuation.resume(throwing: failure) } else { continuation.resume() }
        }
      }
    }
  }
}
