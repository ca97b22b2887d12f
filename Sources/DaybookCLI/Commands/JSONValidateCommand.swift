import ArgumentParser
import Daybook
import Documents

struct JSONValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Validate a file against a JSON Schema (draft 2020-12).",
    discussion: """
      References to other schemas are answered from folders: with --resolve http://example.org/=schemas, \
      http://example.org/a.json is schemas/a.json. Nothing is fetched. The exit status is 6 if the file breaks a rule.

        daybook json validate --schema task.schema.json task.json
      """)

  @Option(help: "The schema.", completion: .file())
  var schema: String

  @Argument(help: "A file, or - for standard input.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Where schemas that are referred to lie; repeatable.", valueName: "prefix=folder"))
  var resolve: [String] = []

  @Flag(help: "Let `format` be a remark instead of a rule.")
  var annotateFormats = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let schemaText = try Input.text(schema)
    let text = try Input.text(file)
    let compiled: Schema
    do {
      compiled = try Schema(
        compiling: schemaText, resources: try SchemaFolders(parsing: resolve),
        formats: annotateFormats ? .annotated : .asserted)
    } catch let error as SchemaError {
      throw StoreError(.invalid, "\(schema) is no valid schema: \(error)", document: schema)
    }
    let violations = compiled.validate(text.root)
    for violation in violations {
      let place = "\(Input.title(file)):\(violation.position.line):\(violation.position.column)"
      if global.json { try Output.json(Self.json(violation)) }
      let pointer = violation.pointer.tokens.isEmpty ? "" : "\(violation.pointer): "
      global.note("\(place): \(pointer)\(violation.message) (\(violation.schemaPointer))")
    }
    if !violations.isEmpty { throw ExitCode.invalid }
  }

  private static func json(_ violation: SchemaViolation) -> JSONObject {
    [
      "pointer": .string("\(violation.pointer)"), "rule": .string(violation.rule),
      "schema_pointer": .string(violation.schemaPointer), "message": .string(violation.message),
      "line": .number(JSONNumber(violation.position.line)), "column": .number(JSONNumber(violation.position.column)),
    ]
  }
}

/// Answers references from folders.
private struct SchemaFolders: SchemaResources {
  private let folders: [(prefix: String, folder: String)]

  init(parsing options: [String]) throws(StoreError) {
    folders = try options.map { option throws(StoreError) in
      guard let equals = option.lastIndex(of: "=") else {
        throw StoreError(.usage, "'\(option)' is not PREFIX=FOLDER.", hint: "Write it as http://example.org/=schemas")
      }
      return (String(option[..<equals]), String(option[option.index(after: equals)...]))
    }
  }

  func text(at uri: String) -> JSONText? {
    for (prefix, folder) in folders where uri.hasPrefix(prefix) {
      let path = uri.dropFirst(prefix.count)
      // A schema may be a stranger's, and must not lead out of the folder.
      if path.split(separator: "/").contains("..") { continue }
      if let text = try? Input.text("\(folder)/\(path)") { return text }
    }
    return nil
  }
}
