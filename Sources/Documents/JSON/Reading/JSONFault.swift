/// Why the reader stopped, in a form that is cheap to throw. `JSONError` is made of it once, at the edge.
struct JSONFault: Error {
  enum Reason {
    case empty
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    case tooMany(limit: Int)
    case byteOrderMark
    case unexpectedEnd
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrBrace
    case expectedCommaOrBracket
    case commaBeforeBrace
    case commaBeforeBracket
    case textAfterValue
    case duplicateKey(firstAt: Int)
    case unfinishedString
    case controlCharacter
    case unknownEscape
    case badUnicodeEscape
    case loneSurrogate
    case notUTF8
    case leadingZero
    case expectedDigit
    case numberTooLong
    case exponentTooLarge
  }

  var reason: Reason
  var offset: Int

  init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension JSONError {
  init(_ fault: JSONFault, in bytes: [UInt8]) {
    self.init(
      message: fault.sentence(about: bytes), position: JSONPosition(of: fault.offset, in: bytes))
  }
}

extension JSONFault {
  fileprivate func sentence(about bytes: [UInt8]) -> String {
    switch reason {
    case .empty: "There is no JSON value in this text."
    case .tooLong(let limit): "The text is \(bytes.count) bytes long; at most \(limit) are allowed."
    case .tooDeep(let limit): "Arrays and objects are nested more than \(limit) deep here."
    case .tooMany(let limit): "The text has more than \(limit) values and keys."
    case .byteOrderMark: "The text begins with a byte order mark; save it as UTF-8 without one."
    case .unexpectedEnd: "The text ends before its value does; is a closing brace or bracket missing?"
    case .expectedValue: sentenceAboutMissingValue(in: bytes)
    case .expectedKey: "A member must begin with its key in double quotes, not with \(culprit(in: bytes))."
    case .expectedColon: "A colon must follow the key, not \(culprit(in: bytes))."
    case .expectedCommaOrBrace: "A comma or a closing brace must follow a member, not \(culprit(in: bytes))."
    case .expectedCommaOrBracket: "A comma or a closing bracket must follow an element, not \(culprit(in: bytes))."
    case .commaBeforeBrace: "No comma may stand after the last member of an object."
    case .commaBeforeBracket: "No comma may stand after the last element of an array."
    case .textAfterValue: "Nothing may follow the value, but \(culprit(in: bytes)) does."
    case .duplicateKey(let first):
      "This key appears twice in its object; it is first on line \(JSONPosition(of: first, in: bytes).line)."
    case .unfinishedString: "The string that begins here has no closing quote."
    case .controlCharacter: sentenceAboutControlCharacter(in: bytes)
    case .unknownEscape: #"After a backslash, only one of " \ / b f n r t u may stand."#
    case .badUnicodeEscape: #"\u must be followed by four hexadecimal digits."#
    case .loneSurrogate: "This escape is half of a surrogate pair and the other half is missing."
    case .notUTF8: "This byte (\(hexadecimal(bytes[offset]))) is not valid UTF-8 here; save the file as UTF-8."
    case .leadingZero: "A number may not begin with a needless zero."
    case .expectedDigit: "A digit must stand here in a number."
    case .numberTooLong: "This number has more than \(JSONNumber.maximumLength) characters."
    case .exponentTooLarge: "The exponent of this number is beyond ±\(JSONNumber.maximumExponent)."
    }
  }

  private func sentenceAboutMissingValue(in bytes: [UInt8]) -> String {
    guard offset < bytes.count else { return "The text ends where a value must stand." }
    switch bytes[offset] {
    case UInt8(ascii: "/"), UInt8(ascii: "#"): return "Comments are not part of JSON."
    case UInt8(ascii: "'"): return "Strings take double quotes, not single ones."
    case UInt8(ascii: "+"): return "A number may not begin with a plus sign."
    case UInt8(ascii: "."): return "A number must have a digit before its point."
    case UInt8(ascii: "N"), UInt8(ascii: "I"): return "NaN and Infinity are not part of JSON; null may serve."
    default: return "A value must stand here, not \(culprit(in: bytes))."
    }
  }

  private func sentenceAboutControlCharacter(in bytes: [UInt8]) -> String {
    switch bytes[offset] {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): #"A line may not end inside a string; write \n for a line break."#
    case UInt8(ascii: "\t"): #"A tab inside a string must be written \t."#
    case let byte: #"The control character \#(hexadecimal(byte)) inside a string must be written as an escape."#
    }
  }

  /// The character at the fault, as a sentence can name it.
  private func culprit(in bytes: [UInt8]) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    switch bytes[offset] {
    case 0x21...0x7E: return "'\(Unicode.Scalar(bytes[offset]))'"
    case 0x80...: return "a character outside ASCII"
    case UInt8(ascii: "\n"): return "the end of the line"
    default: return "the byte \(hexadecimal(bytes[offset]))"
    }
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
