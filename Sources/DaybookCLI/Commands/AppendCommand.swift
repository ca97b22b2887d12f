import ArgumentParser
import Daybook
import Documents

struct AppendCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Append items to a series of a document.",
    discussion: """
      The input is a JSON value, an array of items, or JSON Lines with an item on each line.

        echo '{"role": "user", "content": "hello"}' | daybook append sessions/0190… messages
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @Argument(help: "The series, such as messages.")
  var series: String

  @Argument(help: "A JSON file; - or nothing for standard input.", completion: .file())
  var file: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let items = try items(of: try Input.bytes(file))
    try await global.withStore(writing: writing) { store in
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        try transaction.append(items, to: series, of: address)
      }
    }
  }

  /// A text that is no JSON as a whole, but whose first line is, is JSON Lines.
  private func items(of bytes: [UInt8]) throws -> [JSONValue] {
    let source = Input.title(file)
    if let text = try? JSONText(parsing: bytes) {
      return text.root.kind == .array ? text.root.elements.map(\.value) : [text.root.value]
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 1, let first = lines.first, (try? JSONText(parsing: Array(first))) != nil else {
      return [try Input.text(bytes, from: source).root.value]
    }
    var items: [JSONValue] = []
    for (place, line) in lines.enumerated() where !line.isEmpty {
      items.append(try Input.text(Array(line), from: source, line: place + 1).root.value)
    }
    return items
  }
}
