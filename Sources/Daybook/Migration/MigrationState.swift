import Documents
import Git

/// What a commit says of migrations: the version that it holds of each kind, as the member `versions` of `daybook.json`, and
/// the files under `migrations/`.
///
/// So the versions are part of the store, go with it to other machines, and change in the same commit as the documents.
struct MigrationState {
  /// By name of the kind; 0 for one that is not named.
  let versions: [String: Int]
  let manifest: JSONText
  let manifestID: ObjectID?
  /// By file name.
  let files: [String: [UInt8]]

  static let member = "versions"

  init(at commit: ObjectID, _ objects: ObjectReader) throws(StoreError) {
    let (manifestID, manifest, files) = try Self.files(at: commit, objects)
    self.manifestID = manifestID
    do {
      self.manifest = try JSONText(parsing: manifest)
    } catch {
      throw StoreError(.damaged, "\(StoreLayout.manifest) of commit \(commit.short) is no JSON.", cause: error)
    }
    versions = Self.versions(in: self.manifest)
    self.files = files
  }

  /// What the text of a manifest says.
  static func versions(in manifest: [UInt8]) throws(StoreError) -> [String: Int] {
    do {
      return versions(in: try JSONText(parsing: manifest))
    } catch {
      throw StoreError(.damaged, "A \(StoreLayout.manifest) of the history is no JSON.", cause: error)
    }
  }

  private static func versions(in manifest: JSONText) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: manifest.root[member]?.members.map { ($0.key, $0.value.integer ?? 0) } ?? [])
  }

  private static func files(
    at commit: ObjectID, _ objects: ObjectReader
  ) throws(StoreError) -> (manifestID: ObjectID?, manifest: [UInt8], files: [String: [UInt8]]) {
    try StoreOpening.reading("the versions of kinds") { () throws(GitError) in
      let root = try objects.commit(commit).tree
      let manifest = try manifest(in: root, objects)
      return (manifest?.id, manifest?.bytes ?? Array("{}".utf8), try migrations(in: root, objects))
    }
  }

  private static func manifest(
    in root: ObjectID, _ objects: ObjectReader
  ) throws(GitError) -> (id: ObjectID, bytes: [UInt8])? {
    var editor = TreeEditor(root: root, objects: objects)
    return try editor.file(at: StoreLayout.manifest).map { id throws(GitError) in (id, try objects.blob(id)) }
  }

  /// The versions that the manifest in a folder says; none where it is no JSON.
  static func versions(in root: ObjectID, _ objects: ObjectReader) throws(GitError) -> [String: Int] {
    guard let bytes = try manifest(in: root, objects)?.bytes, let text = try? JSONText(parsing: bytes) else {
      return [:]
    }
    return versions(in: text)
  }

  /// The migrations in a folder, by file name.
  static func migrations(in root: ObjectID, _ objects: ObjectReader) throws(GitError) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    guard let folder = try objects.tree(root).folder(named: Array(StoreLayout.migrations.utf8)) else { return files }
    for entry in try objects.tree(folder).entries() where entry.name.hasSuffix(StoreLayout.suffix) {
      files[entry.name] = try objects.blob(entry.id)
    }
    return files
  }

  func version(of kind: String) -> Int { versions[kind] ?? 0 }

  /// The manifest with other versions, everything else as it was.
  func manifest(with versions: [String: Int]) throws(StoreError) -> [UInt8] {
    var value = manifest.root.value.object ?? [:]
    let named = versions.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    value[Self.member] =
      named.isEmpty ? nil : .object(JSONObject(named.map { (key: $0.key, value: .number(JSONNumber($0.value))) }))
    return manifest.changing(to: .object(value)).bytes
  }

  /// The migrations of all files, by number.
  static func migrations(in files: [String: [UInt8]]) throws(StoreError) -> [Migration] {
    var migrations: [Migration] = []
    for (name, bytes) in files { migrations.append(try Migration(parsing: bytes, fileName: name)) }
    migrations.sort { $0.number < $1.number }
    for (one, next) in zip(migrations, migrations.dropFirst()) where one.number == next.number {
      throw StoreError(
        .invalid, "The migrations \(one.name) and \(next.name) have the same number.",
        hint: "Give one of them the next.")
    }
    return migrations
  }
}
