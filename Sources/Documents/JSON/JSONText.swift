/// A JSON text that has been read: its bytes as they were, and a tape of the values in it.
///
/// Reading checks everything but decodes nothing; strings and numbers are decoded when asked for.
///
/// ```swift
/// let text = try JSONText(parsing: #"{"model": "gpt-4o", "temperature": 0.2}"#)
/// text.root["temperature"]?.number  // 0.2
/// ```
public struct JSONText: Sendable {
  let storage: Storage

  /// What the nodes of a text share, so that a node is one reference and a number.
  final class Storage: Sendable {
    let bytes: [UInt8]
    let tape: [JSONTapeNode]

    init(bytes: [UInt8], tape: [JSONTapeNode]) {
      self.bytes = bytes
      self.tape = tape
    }
  }

  /// Reads a text strictly: RFC 8259 in UTF-8, without duplicate keys, lone surrogates or a byte order mark.
  ///
  /// - Throws: The first fault of the text and where it is.
  public init(parsing bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
    do throws(JSONFault) {
      let tape = try JSONReader.read(bytes, limits: limits.lowered)
      storage = Storage(bytes: bytes, tape: tape)
    } catch {
      throw JSONError(error, in: bytes)
    }
  }

  /// Reads a text strictly; see `init(parsing:limits:)` for bytes.
  public init(parsing text: String, limits: JSONLimits = .standard) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }

  /// Writes a value as documents are written: 2 spaces, LF, one final newline, keys in the value's order.
  ///
  /// The value may nest up to 512 deep: what was read, patched or encoded never nests deeper.
  public init(formatting value: JSONValue) {
    var writer = JSONWriter(style: .document)
    writer.write(value)
    writer.endText()
    self.init(written: writer.bytes)
  }

  /// Reads what this module wrote itself.
  init(written bytes: [UInt8]) {
    do throws(JSONError) {
      try self.init(parsing: bytes, limits: .ceiling)
    } catch {
      preconditionFailure("A JSON value is too deep or too long to be written: \(error)")
    }
  }

  /// The text itself, never changed by reading.
  public var bytes: [UInt8] { storage.bytes }

  /// The outermost value.
  public var root: JSONNode { JSONNode(storage: storage, index: 0) }
}

extension JSONText: Equatable {
  /// Equality of the bytes; for equality of what they mean, see `JSONNode.isEqual(to:)`.
  public static func == (one: JSONText, other: JSONText) -> Bool {
    one.storage === other.storage || one.bytes == other.bytes
  }
}

extension JSONText: CustomStringConvertible {
  /// The text as a string.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
