/// Writes values as JSON text. How lines are broken is the style's affair; escapes are as few as JSON allows.
struct JSONWriter {
  /// Where line breaks and spaces go.
  struct Style: Equatable {
    /// What one level is indented by; nil writes everything on one line.
    var indentation: [UInt8]?
    var lineBreak: [UInt8] = [UInt8(ascii: "\n")]
    /// After a colon, and after a comma within a line.
    var space: [UInt8] = [UInt8(ascii: " ")]

    /// How documents are written.
    static let document = Style(indentation: [UInt8(ascii: " "), UInt8(ascii: " ")])
    /// No byte more than needed.
    static let compact = Style(indentation: nil, space: [])
  }

  let style: Style
  private(set) var bytes: [UInt8] = []
  private var lineStart: [UInt8]

  /// - Parameter lineStart: what each new line begins with, before the indentation of the value itself.
  init(style: Style, lineStart: [UInt8] = []) {
    self.style = style
    self.lineStart = lineStart
  }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let bool): bytes += bool ? "true".utf8 : "false".utf8
    case .number(let number): bytes += number.text.utf8
    case .string(let string): write(string)
    case .array(let array):
      writeContainer(UInt8(ascii: "["), UInt8(ascii: "]"), array) { writer, element in writer.write(element) }
    case .object(let object):
      writeContainer(UInt8(ascii: "{"), UInt8(ascii: "}"), object.members) { writer, member in
        writer.write(key: member.key, value: member.value)
      }
    }
  }

  mutating func write(key: String, value: JSONValue) {
    write(key)
    bytes.append(UInt8(ascii: ":"))
    bytes += style.space
    write(value)
  }

  mutating func endText() { bytes += style.lineBreak }

  private mutating func writeContainer<Child>(
    _ opening: UInt8, _ closing: UInt8, _ children: [Child], _ writeChild: (inout JSONWriter, Child) -> Void
  ) {
    bytes.append(opening)
    if let indentation = style.indentation, !children.isEmpty { lineStart += indentation }
    for (place, child) in children.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      if style.indentation != nil { breakLine() } else if place > 0 { bytes += style.space }
      writeChild(&self, child)
    }
    if let indentation = style.indentation, !children.isEmpty {
      lineStart.removeLast(indentation.count)
      breakLine()
    }
    bytes.append(closing)
  }

  private mutating func breakLine() {
    bytes += style.lineBreak
    bytes += lineStart
  }

  mutating func write(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    let text = string.utf8
    if text.span.offsetOfSpecialByte(from: 0) == text.count {
      bytes += text
    } else {
      for byte in text { writeEscaped(byte) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
    case 0..<0x20: writeControlCharacter(byte)
    default: bytes.append(byte)
    }
  }

  private mutating func writeControlCharacter(_ byte: UInt8) {
    switch byte {
    case 0x08: bytes += #"\b"#.utf8
    case 0x09: bytes += #"\t"#.utf8
    case 0x0A: bytes += #"\n"#.utf8
    case 0x0C: bytes += #"\f"#.utf8
    case 0x0D: bytes += #"\r"#.utf8
    default: bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8 + Array(String(byte, radix: 16).utf8)
    }
  }
}

extension JSONValue {
  /// The value on one line, without spaces.
  public var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

  /// The same in bytes.
  public var compactBytes: [UInt8] { bytes(in: .compact) }

  /// Equal for equal values and different for different ones: compact, keys sorted by their bytes, numbers normalized.
  public var canonicalBytes: [UInt8] { canonical.bytes(in: .compact) }

  func bytes(in style: JSONWriter.Style, lineStart: [UInt8] = []) -> [UInt8] {
    var writer = JSONWriter(style: style, lineStart: lineStart)
    writer.write(self)
    return writer.bytes
  }

  private var canonical: JSONValue {
    switch self {
    case .null, .bool, .string: self
    case .number(let number): .number(JSONNumber(checked: number.decimal.canonicalText))
    case .array(let array): .array(array.map(\.canonical))
    case .object(let object):
      .object(
        JSONObject(
          distinct: object.members
            .map { JSONObject.Member(key: $0.key, value: $0.value.canonical) }
            .sorted { $0.key.precedesExactly($1.key) }))
    }
  }
}
