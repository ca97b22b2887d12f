import Documents
import Foundation
import Git

@testable import Daybook

/// Commits of several machines, in memory: what each has is a commit, and merging is all that they do.
final class MergedStore: Sendable {
  let objects: ObjectReader
  private let folder: String

  static let kinds =
    SampleKinds.all + [
      (name: "tally", schema: tallies),
      (
        name: "conflict",
        schema: BundledFiles.schemas.first { $0.name == "conflict.schema.json" }
          .map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
      ),
    ]

  /// With a counter, and with two members of which a document may have only one.
  private static let tallies = """
    {
      "type": "object",
      "properties": { "count": { "type": "integer", "x-merge": "sum" } },
      "not": { "required": ["a", "b"] },
      "x-daybook": { "collection": "tallies", "ids": "given", "partition": "flat" }
    }
    """

  init() throws {
    folder = NSTemporaryDirectory() + "daybook-merge-\(UUID().uuidString)"
    try Repository.create(at: folder)
    let staged = StagedObjects()
    objects = ObjectReader(
      repository: try Repository.open(at: folder, staged: staged), staged: staged, cacheBytes: 1 << 20)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// A first commit with the schemas and these files.
  func begin(_ files: [String: String] = [:]) throws -> ObjectID {
    let schemas = Self.kinds.map { ("schemas/\($0.name).schema.json", $0.schema) }
    return try commit(files.merging(schemas) { $1 }, after: [], at: 0)
  }

  /// A commit that sets files; nil takes one away.
  func commit(_ files: [String: String?], after parents: [ObjectID], at seconds: Int64) throws -> ObjectID {
    let blobs = files.mapValues { $0.map { GitObject(.blob, Array($0.utf8)) } }
    objects.stage(blobs.values.compactMap(\.self))
    let root = try parents.first.map { try objects.commit($0).tree }
    var trees = TreeEditor(root: root, objects: objects)
    objects.stage(try trees.apply(blobs.sorted { $0.key < $1.key }.map { ($0.key, $0.value?.id) }))
    let person = Signature(name: "Person", email: "person@example.org", seconds: 1_800_000_000 + seconds)
    let commit = Commit(
      tree: trees.root ?? .zero, parents: parents, author: person, committer: person, message: "change\n"
    ).object
    objects.stage([commit])
    return commit.id
  }

  func merge(_ one: ObjectID, _ other: ObjectID) throws -> ObjectID {
    let outcome = try StoreMerge(objects: objects).joining(one, other)
    objects.stage(outcome.objects)
    return outcome.commit
  }

  func files(of commit: ObjectID) throws -> [String: String] {
    var files: [String: String] = [:]
    try TreeDifference(objects: objects).visitAll(objects.commit(commit).tree) { path, id throws(GitError) in
      files[path] = String(decoding: try objects.blob(id), as: UTF8.self)
    }
    return files
  }

  func value(_ path: String, in commit: ObjectID) throws -> JSONValue? {
    let trees = TreeReader(root: try objects.commit(commit).tree, objects: objects)
    return try trees.file(at: path).map { try JSONText(parsing: objects.blob($0)).root.value }
  }

  func isAncestor(_ base: ObjectID, of tip: ObjectID) -> Bool {
    let answer = try? objects.withRepository { repository throws(GitError) in try repository.isAncestor(base, of: tip) }
    return answer ?? false
  }

  /// What the conflicts say, in the order of their names.
  func conflicts(in commit: ObjectID) throws -> [JSONValue] {
    try files(of: commit).filter { $0.key.hasPrefix("conflicts/") }.sorted { $0.key < $1.key }
      .map { try JSONText(parsing: $0.value).root.value }
  }
}
