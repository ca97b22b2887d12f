import Documents

/// A command on its way to the service that owns the store.
///
/// The client connects to the socket `.git/daybook/commands` in the store and sends one JSON object, ended by a line feed, and with
/// its first byte its open files: standard input, output and error, and its terminal if it has one. So the service reads and writes
/// them itself, and everything looks as it would without it. Back come lines:
///
/// ```json
/// {"run": "vi", "argument": "/tmp/daybook-1.json"}      the client runs it, and answers {"status": 0}
/// {"exit": 3}                                           the command is over
/// ```
struct ForwardedCommand: Sendable {
  var arguments: [String]
  var environment: [String: String]
  var folder: String

  init(arguments: [String], environment: [String: String], folder: String) {
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
  }

  /// Nil for what is none.
  init?(_ line: [UInt8]) {
    guard let root = (try? JSONText(parsing: line))?.root, let folder = root["folder"]?.string else { return nil }
    arguments = root["arguments"]?.elements.compactMap(\.string) ?? []
    environment = [:]
    for member in root["environment"].map({ Array($0.members) }) ?? [] {
      environment[member.key] = member.value.string
    }
    self.folder = folder
  }

  var line: [UInt8] {
    let variables = environment.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue.string($0.value)) }
    let object: JSONObject = [
      "arguments": .array(arguments.map { .string($0) }), "environment": .object(JSONObject(variables)),
      "folder": .string(folder),
    ]
    return JSONValue.object(object).compactBytes + [UInt8(ascii: "\n")]
  }
}

/// What the service tells the client, and the other way.
enum ForwardedMessage: Equatable, Sendable {
  case run(line: String, argument: String)
  case status(Int32)
  case exit(Int32)

  init?(_ line: [UInt8]) {
    guard let root = (try? JSONText(parsing: line))?.root else { return nil }
    if let line = root["run"]?.string, let argument = root["argument"]?.string {
      self = .run(line: line, argument: argument)
    } else if let status = root["status"]?.integer.flatMap({ Int32(exactly: $0) }) {
      self = .status(status)
    } else if let status = root["exit"]?.integer.flatMap({ Int32(exactly: $0) }) {
      self = .exit(status)
    } else {
      return nil
    }
  }

  var line: [UInt8] {
    let object: JSONObject =
      switch self {
      case .run(let line, let argument): ["run": .string(line), "argument": .string(argument)]
      case .status(let status): ["status": .number(JSONNumber(Int(status)))]
      case .exit(let status): ["exit": .number(JSONNumber(Int(status)))]
      }
    return JSONValue.object(object).compactBytes + [UInt8(ascii: "\n")]
  }
}
