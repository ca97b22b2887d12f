import Documents
import Git
package import Storage

/// Merges one file for the stock client, as a sync would: Git's `merge`, `rebase` and `cherry-pick` ask for it where
/// `.gitattributes` names the driver `daybook`, one file at a time.
///
/// Ours ranks first, since nobody tells how old the sides are. Where both changed the same, no conflict is kept as a
/// document: the person is there, so it stands in the file between markers, and around it is what could be joined. What
/// is no JSON is joined line by line, as without a driver.
package struct MergeDriver: Sendable {
  private let kinds: Kinds
  private let fileSystem: any FileSystem

  package struct Outcome: Equatable, Sendable {
    package let bytes: [UInt8]
    /// Whether a person has to decide.
    package let hasConflicts: Bool
  }

  /// - Parameter store: The folder of the store, by whose schemas documents are joined. Those of a kind whose schema
  ///   cannot be read are joined without rules.
  package init(ofStoreAt store: String, fileSystem: any FileSystem = LocalFileSystem()) {
    kinds = Kinds(inFolder: store, fileSystem: fileSystem)
    self.fileSystem = fileSystem
  }

  /// Merges three files, and puts the outcome in place of ours.
  ///
  /// - Returns: Whether a person has to decide.
  package func merge(
    filesAt base: String, _ ours: String, _ theirs: String, as path: String
  ) throws(StoreError) -> Bool {
    func reaching<Result>(_ body: () throws(FileError) -> Result) throws(StoreError) -> Result {
      do {
        return try body()
      } catch {
        throw StoreError(.unavailable, "The files of a merge could not be read or written.", cause: error)
      }
    }
    let fileSystem = fileSystem
    func content(_ file: String) throws(StoreError) -> [UInt8] {
      try reaching { () throws(FileError) in try fileSystem.read(file, limit: Limits.arrivingFileBytes) }
    }
    let outcome = try merge(base: content(base), ours: content(ours), theirs: content(theirs), at: path)
    try reaching { () throws(FileError) in
      try fileSystem.atomicallyReplace(ours, with: outcome.bytes.span, durable: false)
    }
    return outcome.hasConflicts
  }

  /// - Parameters:
  ///   - base: empty where both sides made the file.
  ///   - path: in the store.
  package func merge(
    base: [UInt8], ours: [UInt8], theirs: [UInt8], at path: String
  ) throws(StoreError) -> Outcome {
    guard let left = Self.text(ours), let right = Self.text(theirs) else {
      return try Self.joinLines(base, ours, theirs)
    }
    let merge = join(Self.text(base), left, right, at: path)
    guard let joined = merge.text, let mine = merge.text(of: .first), let other = merge.text(of: .second) else {
      return try Self.joinLines(base, ours, theirs)
    }
    if merge.collisions.isEmpty { return Outcome(bytes: joined.bytes, hasConflicts: false) }
    // Without a base: all that is left to differ collides.
    return Outcome(bytes: try Self.joinLines([], mine.bytes, other.bytes).bytes, hasConflicts: true)
  }

  private func join(_ base: JSONText?, _ ours: JSONText, _ theirs: JSONText, at path: String) -> DocumentMerge {
    switch StoreLayout.place(of: path, kinds) {
    case .document(_, let kind): return DocumentMerge(base: base, first: ours, second: theirs, of: kinds.all[kind])
    case .segment:
      if let merge = DocumentMerge(segment: base, first: ours, second: theirs) { return merge }
    case .schema, .other: break
    }
    let rules = path == StoreLayout.manifest ? MergeRules.ofManifest : .none
    return DocumentMerge(base: base, first: ours, second: theirs, rules: rules)
  }

  private static func text(_ bytes: [UInt8]) -> JSONText? { try? JSONText(parsing: bytes) }

  private static func joinLines(
    _ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8]
  ) throws(StoreError) -> Outcome {
    do {
      let merge = try TextMerge(base: base, ours: ours, theirs: theirs)
      return Outcome(bytes: merge.bytes, hasConflicts: merge.hasConflicts)
    } catch {
      throw StoreError(.unavailable, "The file could not be merged line by line.", cause: error)
    }
  }
}

extension Kinds {
  /// Those whose schemas lie in the folder of a store as files, as far as they are sound.
  fileprivate init(inFolder store: String, fileSystem: any FileSystem) {
    let folder = "\(store)/\(StoreLayout.schemas)"
    let schemas = ((try? fileSystem.list(folder)) ?? []).compactMap { name -> SchemaFile? in
      let bytes = try? fileSystem.read("\(folder)/\(name)", limit: Limits.documentBytes)
      return bytes.flatMap { SchemaFile(path: "\(StoreLayout.schemas)/\(name)", bytes: $0) }
    }
    self = Kinds().changingWhereGood(schemas)
  }
}
