import Daybook
import Documents
import HTTPTypes

/// A parameter of a path, a query or a header, with the schema that its value must keep.
struct Parameter: Sendable {
  enum Place: String, Sendable {
    case path
    case query
    case header
  }

  let name: String
  let place: Place
  let description: String
  let isRequired: Bool
  /// Whether it may be given several times.
  let isRepeatable: Bool
  let schema: CheckedSchema
  let example: JSONValue?
  /// The header that it is, if it is one.
  let field: HTTPField.Name?

  init(
    _ name: String, in place: Place, _ description: String, _ schema: JSONValue = ["type": "string"],
    isRequired: Bool = false, isRepeatable: Bool = false, example: JSONValue? = nil
  ) {
    self.name = name
    self.place = place
    self.description = description
    self.isRequired = isRequired || place == .path
    self.isRepeatable = isRepeatable
    self.schema = CheckedSchema(schema)
    self.example = example
    field = place == .header ? HTTPField.Name(name) : nil
  }

  /// How a problem points at it: `/query/limit`.
  var pointer: String { Self.pointer(name, in: place) }

  static func pointer(_ name: String, in place: Place) -> String {
    "\(JSONPointer([place.rawValue, name]))"
  }

  /// Reads a value as the schema's type has it: everything in a URL is text.
  ///
  /// - Throws: a problem that names the parameter.
  func value(of text: String) throws(Problem) -> JSONValue {
    let value: JSONValue
    switch schema.json["type"]?.string {
    case "integer", "number": value = JSONNumber(text).map { .number($0) } ?? .string(text)
    case "boolean": value = text == "true" ? true : text == "false" ? false : .string(text)
    default: value = .string(text)
    }
    if schema.json["type"] == "integer", case .number = value, value.integer == nil {
      throw Problem(
        .badRequest, code: .usage, "The \(place.rawValue) parameter \(name) is no whole number, or too large.")
    }
    if let violation = schema.violations(of: value, called: name).first {
      throw Problem(
        .badRequest, code: .usage, "The \(place.rawValue) parameter \(violation.message).", pointer: pointer)
    }
    return value
  }
}

/// A JSON Schema of a parameter or body, compiled once, and as the documentation shows it.
struct CheckedSchema: Sendable {
  let json: JSONValue
  private let schema: Schema

  init(_ json: JSONValue) {
    self.json = json
    do {
      schema = try Schema(compiling: JSONText(formatting: json))
    } catch {
      preconditionFailure("A schema of the service is broken: \(error)")
    }
  }

  func violations(of value: JSONValue, called name: String) -> [SchemaViolation] {
    violations(of: JSONText(formatting: value).root, called: name)
  }

  func violations(of node: JSONNode, called name: String = "the body") -> [SchemaViolation] {
    schema.validate(node, called: name)
  }
}
