/// A path to a value inside a document (RFC 6901), such as `/models/0/name`.
public struct JSONPointer: Sendable {
  /// The steps, unescaped: keys of objects and places in arrays.
  public var tokens: [String]

  /// The whole document.
  public static let root = JSONPointer([])

  /// A pointer of steps that need no unescaping.
  public init(_ tokens: [String]) { self.tokens = tokens }

  /// Reads the escaped text; empty, or beginning with a slash.
  public init(parsing text: String) throws(JSONPointerError) {
    guard !text.isEmpty else {
      self = .root
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else { throw JSONPointerError(text: text, reason: .noLeadingSlash) }
    var tokens: [String] = []
    for escaped in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let token = Self.unescaped(escaped) else { throw JSONPointerError(text: text, reason: .badEscape) }
      tokens.append(token)
    }
    self.init(tokens)
  }

  /// This pointer and one step more.
  public func appending(_ token: String) -> JSONPointer { JSONPointer(tokens + [token]) }

  /// This pointer and a step into an array.
  public func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

  /// The pointer without its last step; nil for the root.
  public var parent: JSONPointer? { tokens.isEmpty ? nil : JSONPointer(tokens.dropLast()) }

  /// Whether this is `other` or leads to something above it.
  public func isPrefix(of other: JSONPointer) -> Bool {
    tokens.count <= other.tokens.count && zip(tokens, other.tokens).allSatisfy { $0.isExactly($1) }
  }

  private init(_ tokens: ArraySlice<String>) { self.tokens = Array(tokens) }

  /// The place in an array that a token names: digits without a needless zero.
  static func index(_ token: String) -> Int? {
    let digits = token.utf8
    guard let first = digits.first, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    guard first != 0x30 || digits.count == 1 else { return nil }
    return Int(token)
  }

  private static func unescaped(_ escaped: Substring.UTF8View.SubSequence) -> String? {
    var bytes: [UInt8] = []
    var rest = escaped.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "~") else {
        bytes.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension JSONPointer: Hashable {
  /// Equality of the bytes of all tokens.
  public static func == (one: JSONPointer, other: JSONPointer) -> Bool {
    one.tokens.count == other.tokens.count && one.isPrefix(of: other)
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(tokens) }
}

extension JSONPointer: CustomStringConvertible {
  /// The escaped text: `/` in a token is written `~1`, and `~` is written `~0`.
  public var description: String {
    var bytes: [UInt8] = []
    for token in tokens {
      bytes.append(UInt8(ascii: "/"))
      for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "0")]
        case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
        default: bytes.append(byte)
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Why a text is no JSON Pointer.
public struct JSONPointerError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable { case noLeadingSlash, badEscape }

  /// The text that was given.
  public var text: String
  /// What is wrong with it.
  public var reason: Reason

  /// A sentence.
  public var description: String {
    switch reason {
    case .noLeadingSlash: "A JSON Pointer begins with a slash; \"\(text)\" does not."
    case .badEscape: "In a JSON Pointer ~ must be followed by 0 or 1; in \"\(text)\" it is not."
    }
  }
}
