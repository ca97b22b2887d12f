import Daybook
import Documents

/// What commands read: a file, or standard input for `-` and for no name at all.
enum Input {
  /// What an input is called in messages.
  static func title(_ name: String?) -> String {
    name == nil || name == "-" ? "standard input" : name!
  }

  static func open(_ name: String?) throws(SystemFailure) -> Descriptor {
    guard let name, name != "-" else {
      if Descriptor.standardInput.isTerminal { Output.note("Reading from the terminal; Ctrl-D ends it.") }
      return .standardInput
    }
    return try Descriptor(reading: name)
  }

  /// - Parameters:
  ///   - limit: how many bytes there may be.
  ///   - subject: what may have no more.
  static func bytes(
    _ name: String?, limit: Int = Limits.documentBytes, of subject: String = "a document"
  ) throws -> [UInt8] {
    let bytes = try open(name).readAll(limit: limit)
    guard bytes.count <= limit else {
      throw StoreError(.limit, "\(title(name)) has more than \(limit >> 20) MiB, the most that \(subject) may have.")
    }
    return bytes
  }

  /// A JSON text, kept to the byte.
  static func text(_ name: String?) throws -> JSONText {
    try text(try bytes(name), from: title(name))
  }

  /// Reads JSON; an error says where in what it is wrong.
  ///
  /// - Parameter line: where the text begins in its source, for JSON Lines.
  static func text(_ bytes: [UInt8], from source: String, line: Int = 1) throws(StoreError) -> JSONText {
    do {
      return try JSONText(parsing: bytes)
    } catch {
      let place = "\(source):\(error.position.line + line - 1):\(error.position.column)"
      throw StoreError(.invalid, "\(place): \(error.message)", document: source)
    }
  }

  /// The operations of a JSON Patch.
  static func patch(_ text: JSONText, from source: String) throws(StoreError) -> JSONPatch {
    do {
      return try JSONPatch(parsing: text.root)
    } catch {
      throw StoreError(.invalid, "\(source): \(error)", document: source)
    }
  }

  /// A JSON Pointer on the command line, whose first slash may be left out.
  static func pointer(_ text: String) throws(StoreError) -> JSONPointer {
    do {
      return try JSONPointer(parsing: text.isEmpty || text.hasPrefix("/") ? text : "/\(text)")
    } catch {
      throw StoreError(
        .usage, "'\(text)' does not name a member.", hint: "Write it as /name or /name/inner.", cause: error)
    }
  }
}
