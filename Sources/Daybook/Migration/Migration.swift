import Documents

/// A file `migrations/NNNN-name.json`: how the documents of a kind come from one version of it to the next.
///
/// ```json
/// {
///   "kind": "note",
///   "description": "Stars become a rating.",
///   "steps": [
///     { "rename": "/stars", "to": "rating" },
///     { "move": "/author", "to": "/meta/author" },
///     { "default": "/language", "value": "en" },
///     { "remove": "/legacy" },
///     { "map": "/status", "values": [["open", "pending"], ["done", "completed"]] },
///     { "convert": "/port", "from": "string", "to": "integer" },
///     { "split": "/name", "at": " ", "into": ["/first", "/last"] },
///     { "merge": ["/host", "/port"], "with": ":", "into": "/address" },
///     { "wrap": "/tag" }
///   ]
/// }
/// ```
///
/// The number is the version of the kind that the steps lead to. Numbers only grow, over all kinds; a file that was applied
/// is never changed again. The schema is a file of its own: put the new one in its place, then migrate.
struct Migration: Sendable {
  /// The file's name without `.json`, such as `0001-rating`.
  let name: String
  let number: Int
  let kind: String
  let description: String?
  let steps: [MigrationStep]
  let bytes: [UInt8]

  func applied(to value: JSONValue) -> JSONValue {
    steps.reduce(value) { $1.applied(to: $0) }
  }

  /// The way back, as far as there is one.
  func undone(on value: JSONValue) -> JSONValue {
    steps.reversed().reduce(value) { $1.inverse?.applied(to: $0) ?? $0 }
  }

  /// The steps that cannot be taken back on this value.
  func lossySteps(on value: JSONValue) -> [MigrationStep] {
    var value = value
    return steps.filter { step in
      let next = step.applied(to: value)
      defer { value = next }
      return next != value && (step.inverse?.applied(to: next) ?? next) != value
    }
  }
}

extension Migration {
  /// Reads a file. Throws `.invalid` with the file's name, line and column.
  init(parsing bytes: [UInt8], fileName: String) throws(StoreError) {
    let path = "\(StoreLayout.migrations)/\(fileName)"
    let text: JSONText
    do {
      text = try JSONText(parsing: bytes)
    } catch {
      throw StoreError(
        .invalid, "\(path):\(error.position.line):\(error.position.column): \(error.message)", document: path)
    }
    let reader = MigrationReader(path: path)
    guard let (name, number) = Self.name(of: fileName) else {
      throw StoreError(
        .invalid, "'\(path)' is not named as a migration.", hint: "Name it such as 0001-rating.json.", document: path)
    }
    guard let kind = text.root["kind"]?.string else { throw reader.failure("\"kind\" is missing", at: text.root) }
    guard let list = text.root["steps"], list.kind == .array else {
      throw reader.failure("\"steps\" is missing", at: text.root)
    }
    var steps: [MigrationStep] = []
    for node in list.elements { steps.append(try reader.step(node)) }
    self.init(
      name: name, number: number, kind: kind, description: text.root["description"]?.string, steps: steps, bytes: bytes)
  }

  private static func name(of fileName: String) -> (String, Int)? {
    let name = fileName.dropLast(StoreLayout.suffix.count)
    let parts = name.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, parts[0].count == 4, let number = Int(parts[0]), number > 0 else { return nil }
    let isPlain = parts[1].utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    return isPlain && !parts[1].hasSuffix("-") ? (String(name), number) : nil
  }
}

/// Reads the steps of a file, and says where they are wrong.
struct MigrationReader {
  let path: String

  func step(_ node: JSONNode) throws(StoreError) -> MigrationStep {
    guard let verb = node.members.first(where: { _ in true })?.key else {
      throw failure("a step is an object that begins with what to do", at: node)
    }
    switch verb {
    case "rename": return .rename(try pointer(verb, node), to: try string("to", node))
    case "move": return .move(try plainPointer(verb, node), to: try plainPointer("to", node))
    case "default": return .setDefault(try pointer(verb, node), try value("value", node).value)
    case "remove": return .remove(try pointer(verb, node))
    case "map": return .map(try pointer(verb, node), try pairs("values", node))
    case "convert": return .convert(try pointer(verb, node), from: try type("from", node), to: try type("to", node))
    case "split":
      return .split(try plainPointer(verb, node), at: try separator("at", node), into: try pointers("into", node))
    case "merge":
      return .merge(try pointers(verb, node), with: try separator("with", node), into: try plainPointer("into", node))
    case "wrap": return .wrap(try pointer(verb, node))
    case "unwrap": return .unwrap(try pointer(verb, node))
    default:
      throw failure(
        "'\(verb)' is no step; there are rename, move, default, remove, map, convert, split, merge, wrap and unwrap",
        at: node)
    }
  }

  private func value(_ name: String, _ node: JSONNode) throws(StoreError) -> JSONNode {
    guard let value = node[name] else { throw failure("\"\(name)\" is missing", at: node) }
    return value
  }

  private func string(_ name: String, _ node: JSONNode) throws(StoreError) -> String {
    let value = try value(name, node)
    guard let string = value.string else { throw failure("\"\(name)\" must be a string", at: value) }
    return string
  }

  private func separator(_ name: String, _ node: JSONNode) throws(StoreError) -> String {
    let separator = try string(name, node)
    guard !separator.isEmpty else { throw failure("\"\(name)\" must not be empty", at: node) }
    return separator
  }

  private func pointer(_ name: String, _ node: JSONNode) throws(StoreError) -> JSONPointer {
    try pointer(try value(name, node))
  }

  private func pointer(_ value: JSONNode) throws(StoreError) -> JSONPointer {
    guard let text = value.string, let pointer = try? JSONPointer(parsing: text), !pointer.tokens.isEmpty else {
      throw failure("a member is named by a JSON Pointer, such as /name", at: value)
    }
    return pointer
  }

  private func plainPointer(_ name: String, _ node: JSONNode) throws(StoreError) -> JSONPointer {
    try plain(try value(name, node))
  }

  private func plain(_ value: JSONNode) throws(StoreError) -> JSONPointer {
    let pointer = try pointer(value)
    guard !pointer.tokens.contains("*") else { throw failure("\"*\" cannot stand here", at: value) }
    return pointer
  }

  private func pointers(_ name: String, _ node: JSONNode) throws(StoreError) -> [JSONPointer] {
    let list = try value(name, node)
    var pointers: [JSONPointer] = []
    for element in list.elements { pointers.append(try plain(element)) }
    guard pointers.count > 1, Set(pointers).count == pointers.count else {
      throw failure("\"\(name)\" must be a list of at least two members", at: list)
    }
    return pointers
  }

  private func pairs(_ name: String, _ node: JSONNode) throws(StoreError) -> [MigrationStep.ValuePair] {
    let list = try value(name, node)
    var pairs: [MigrationStep.ValuePair] = []
    for element in list.elements {
      let values = element.elements.map(\.value)
      guard values.count == 2 else { throw failure("\"\(name)\" is a list of pairs [old, new]", at: element) }
      pairs.append(MigrationStep.ValuePair(old: values[0], new: values[1]))
    }
    guard Set(pairs.map(\.old)).count == pairs.count, !pairs.isEmpty else {
      throw failure("\"\(name)\" must name each old value once", at: list)
    }
    return pairs
  }

  private func type(_ name: String, _ node: JSONNode) throws(StoreError) -> MigrationStep.ScalarType {
    let text = try string(name, node)
    guard let type = MigrationStep.ScalarType(rawValue: text) else {
      throw failure("'\(text)' is no type; there are string, number, integer and boolean", at: node)
    }
    return type
  }

  func failure(_ problem: String, at node: JSONNode) -> StoreError {
    let position = node.position
    return StoreError(
      .invalid, "\(path):\(position.line):\(position.column): \(problem).", hint: "Nothing was migrated.",
      document: path)
  }
}

extension MigrationStep: CustomStringConvertible {
  /// As in `rename /stars to rating`.
  var description: String {
    switch self {
    case .rename(let pointer, let name): "rename \(pointer) to \(name)"
    case .move(let from, let to): "move \(from) to \(to)"
    case .setDefault(let pointer, _): "default of \(pointer)"
    case .dropDefault(let pointer, _): "drop the default of \(pointer)"
    case .remove(let pointer): "remove \(pointer)"
    case .map(let pointer, _): "map \(pointer)"
    case .convert(let pointer, let from, let to): "convert \(pointer) from \(from.rawValue) to \(to.rawValue)"
    case .split(let pointer, _, _): "split \(pointer)"
    case .merge(_, _, let pointer): "merge into \(pointer)"
    case .wrap(let pointer): "wrap \(pointer)"
    case .unwrap(let pointer): "unwrap \(pointer)"
    }
  }
}
