import Documents
import Git

/// The manifest as it lies in a backup: JSON, as the first object of the pack and stored uncompressed, so that whoever looks
/// at the beginning of the file can read it. The ref `refs/daybook/manifest` leads to it. Only format 2 has a `horizon`.
///
/// ```json
/// {
///   "about": "A backup of a Daybook store …",
///   "backup": 1,
///   "made": "2026-11-21T16:20:00.000Z", "daybook": "0.1.0",
///   "store": { "id": "…", "format": 1, "sequence": 42, "commit": "…", "root": "…", "branch": "refs/heads/main" },
///   "documents": { "notes": 12 }, "files": 31, "bytes": 40960, "objects": 210,
///   "refs": { "refs/heads/main": "…" }, "horizon": ["…"]
/// }
/// ```
extension BackupManifest {
  static let reference = "refs/daybook/manifest"
  /// The format of a backup with a whole history.
  private static let wholeFormat = 1
  /// The newest that this version writes. It reads no newer one.
  private static let format = 2

  private static let about =
    "A backup of a Daybook store, as a Git bundle. `daybook restore` makes the store of it, and `git clone` a working copy. "
    + "The keys that open its secrets are not in it: `daybook keys export` makes a file of those."

  private static let aboutFolded =
    "A backup of a Daybook store whose early history was folded, as a Git bundle. `daybook restore` makes the store of it; "
    + "`git clone` cannot, as it misses that. The keys that open its secrets are not in it: `daybook keys export` makes a "
    + "file of those."

  var text: JSONText {
    // An older version of the program knows nothing of a horizon, and does not read a backup that has one.
    let about = horizon.isEmpty ? Self.about : Self.aboutFolded
    let end: JSONObject = horizon.isEmpty ? [:] : ["horizon": .array(horizon.map { .string($0) })]
    let whole: JSONObject = [
      "about": .string(about), "backup": .number(JSONNumber(horizon.isEmpty ? Self.wholeFormat : Self.format)),
      "made": .string(made), "daybook": .string(program),
      "store": [
        "id": .string(storeID), "format": .number(JSONNumber(storeFormat)), "sequence": .number(JSONNumber(sequence)),
        "commit": .string(commit), "root": .string(rootHash), "branch": .string(branch),
      ],
      "documents": Self.object(documents) { .number(JSONNumber($0)) },
      "files": .number(JSONNumber(files)), "bytes": .number(JSONNumber(fileBytes)),
      "objects": .number(JSONNumber(objects)), "refs": Self.object(references) { .string($0) },
    ]
    return JSONText(formatting: .object(JSONObject(Array(whole) + Array(end))))
  }

  private static func object<Value>(_ values: [String: Value], _ value: (Value) -> JSONValue) -> JSONValue {
    .object(JSONObject(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: value($0.value)) }))
  }

  /// - Throws: `.newerFormat`; `.damaged` for what is no manifest.
  init(parsing bytes: [UInt8]) throws(StoreError) {
    let root: JSONNode
    do {
      root = try JSONText(parsing: bytes).root
    } catch {
      throw Self.damaged("it is not JSON: \(error)")
    }
    guard let format = root["backup"]?.integer else { throw Self.damaged("it has no \"backup\"") }
    guard format <= Self.format else {
      throw StoreError(
        .newerFormat, "The backup has format \(format); this version of Daybook knows formats up to \(Self.format).",
        hint: "Use the version that wrote it, or a newer one.")
    }
    func member<Value>(_ name: String, _ node: JSONNode?, _ value: (JSONNode) -> Value?) throws(StoreError) -> Value {
      guard let found = node?[name].flatMap(value) else { throw Self.damaged("it lacks \"\(name)\"") }
      return found
    }
    let store = root["store"]
    made = try member("made", root, \.string)
    program = try member("daybook", root, \.string)
    storeID = try member("id", store, \.string)
    storeFormat = try member("format", store, \.integer)
    sequence = try member("sequence", store) { $0.number?.unsignedInteger }
    commit = try member("commit", store, \.string)
    rootHash = try member("root", store, \.string)
    branch = try member("branch", store, \.string)
    documents = try member("documents", root) { Self.dictionary($0, \.integer) }
    files = try member("files", root, \.integer)
    fileBytes = try member("bytes", root, \.integer)
    objects = try member("objects", root, \.integer)
    references = try member("refs", root) { Self.dictionary($0, \.string) }
    horizon = try root["horizon"] == nil ? [] : member("horizon", root) { Self.list($0, \.string) }
  }

  private static func list<Value>(_ node: JSONNode, _ value: (JSONNode) -> Value?) -> [Value]? {
    let values = node.elements.compactMap(value)
    return node.kind == .array && values.count == node.count ? values : nil
  }

  private static func dictionary<Value>(_ node: JSONNode, _ value: (JSONNode) -> Value?) -> [String: Value]? {
    guard node.kind == .object else { return nil }
    var values: [String: Value] = [:]
    for member in node.members {
      guard let value = value(member.value) else { return nil }
      values[member.key] = value
    }
    return values
  }

  private static func damaged(_ reason: String) -> StoreError {
    StoreError(.damaged, "The manifest of the backup is damaged: \(reason).")
  }
}
