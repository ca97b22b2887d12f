/// Finds the objects that refs lead to.
///
/// Commits come after their parents, and of each only what it changed is looked into: the folders that differ from its first
/// parent's, all of which is found by then. So the time grows with the changes, not with the size of the store.
package struct ReachableObjects: ~Copyable {
  /// A folder to look into, and what it was in the parent.
  private struct Folder {
    var id: ObjectID
    var previous: ObjectID?
  }

  /// How many commits lie between two reports of progress.
  private static let reportedCommits = 256

  private var found: Set<ObjectID> = []
  private var commits = 0
  private let horizon: Horizon

  private init(horizon: Horizon) {
    self.horizon = horizon
  }

  /// - Parameters:
  ///   - horizon: What is behind it is not looked for.
  ///   - onProgress: Called now and then with how many commits were looked at.
  /// - Throws: `.notFound` when an object is missing.
  package static func find(
    from starts: [ObjectID], behind horizon: Horizon = .none, _ reader: inout PackReader,
    onProgress: (Int) -> Void = { _ in }
  ) throws -> Set<ObjectID> {
    var search = ReachableObjects(horizon: horizon)
    var waiting = starts
    while let id = waiting.last {
      let before = search.found.contains(id) ? [] : try search.add(id, &reader)
      if before.isEmpty { waiting.removeLast() } else { waiting.append(contentsOf: before) }
      if search.commits % reportedCommits == 0 { onProgress(search.commits) }
    }
    return search.found
  }

  /// Finds what commits hold that the folders of their first parents do not, with the commits themselves.
  ///
  /// - Parameters:
  ///   - commits: Each behind its parents, as far as those are among them: what was found already is not looked into again.
  ///   - limit: How many objects there may be.
  ///   - onProgress: Called after each commit with how many were looked at.
  /// - Returns: nil for more than the limit.
  package static func find(
    changedBy commits: [ObjectID], behind horizon: Horizon = .none, limit: Int, _ reader: inout PackReader,
    onProgress: (Int) -> Void = { _ in }
  ) throws -> Set<ObjectID>? {
    var search = ReachableObjects(horizon: horizon)
    for (place, id) in commits.enumerated() {
      let links = try CommitLinks(reader.content(id, .commit))
      try search.addTree(links.tree, after: search.parents(of: id, links).first, &reader)
      search.found.insert(id)
      guard search.found.count <= limit else { return nil }
      onProgress(place + 1)
    }
    return search.found
  }

  /// Adds an object with what it leads to; or answers what must come first.
  private mutating func add(_ id: ObjectID, _ reader: inout PackReader) throws -> [ObjectID] {
    let object = try reader.object(id)
    switch object.kind {
    case .commit:
      let links = try CommitLinks(object.content)
      let parents = parents(of: id, links)
      let before = parents.filter { !found.contains($0) }
      guard before.isEmpty else { return before }
      try addTree(links.tree, after: parents.first, &reader)
      commits += 1
    case .tag:
      let target = try TagLinks(object.content).target
      guard found.contains(target) else { return [target] }
    case .tree: try lookInto(Folder(id: id), &reader)
    case .blob: break
    }
    found.insert(id)
    return []
  }

  private func parents(of id: ObjectID, _ links: CommitLinks) -> [ObjectID] {
    horizon.borders.contains(id) ? [] : links.parents
  }

  private mutating func addTree(_ tree: ObjectID, after parent: ObjectID?, _ reader: inout PackReader) throws {
    let previous = try parent.map { try CommitLinks(reader.content($0, .commit)).tree }
    guard tree != previous, found.insert(tree).inserted else { return }
    try lookInto(Folder(id: tree, previous: previous), &reader)
  }

  /// Looks into a folder that was just found, and into those that this finds.
  private mutating func lookInto(_ folder: Folder, _ reader: inout PackReader) throws {
    var waiting = [folder]
    while let folder = waiting.popLast() {
      let before = try folder.previous.map { try reader.content($0, .tree) } ?? []
      for change in try TreeChanges.between(before, reader.content(folder.id, .tree)) where !change.isSubmodule {
        guard let id = change.id, found.insert(id).inserted, change.isFolder else { continue }
        waiting.append(Folder(id: id, previous: change.previous))
      }
    }
  }
}

/// What a tag's content says of another object.
struct TagLinks {
  let target: ObjectID

  /// Reads the `object <hex>` line that it begins with.
  init(_ content: [UInt8]) throws(GitError) {
    let line = content.prefix { $0 != UInt8(ascii: "\n") }
    guard line.starts(with: "object ".utf8),
      let target = ObjectID(hex: String(decoding: line.dropFirst("object ".utf8.count), as: UTF8.self))
    else { throw GitError(.damaged, "read a tag", "it names no object") }
    self.target = target
  }
}
