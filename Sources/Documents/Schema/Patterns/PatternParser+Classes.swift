/// Classes in brackets and the escapes that stand for one character or for a class of them.
extension PatternParser {
  /// What follows a `[`, with the `]`.
  mutating func bracketClass() throws(PatternError) -> ScalarClass {
    var result = ScalarClass()
    result.isNegated = skip("^")
    while !skip("]") {
      let (low, set) = try classAtom()
      guard let low, peek == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
        result.formUnion(set)
        continue
      }
      place += 1
      let (high, classAfterDash) = try classAtom()
      guard let high else {
        result.formUnion(set)
        result.formUnion(ScalarClass("-"))
        result.formUnion(classAfterDash)
        continue
      }
      guard low.value <= high.value else { throw failure("a range that is out of order") }
      result.ranges.append(low.value...high.value)
    }
    return result
  }

  /// One part of a class in brackets: its scalar when it is one, and the set that it stands for.
  private mutating func classAtom() throws(PatternError) -> (scalar: Unicode.Scalar?, set: ScalarClass) {
    if skip("\\b") { return ("\u{8}", ScalarClass("\u{8}")) }
    if skip("\\") { return try classEscape() }
    guard let scalar = next() else { throw failure("a class without its ']'") }
    return (scalar, ScalarClass(scalar))
  }

  /// What follows a `\`.
  mutating func classEscape() throws(PatternError) -> (scalar: Unicode.Scalar?, set: ScalarClass) {
    switch peek {
    case "d": return take(.digit)
    case "D": return take(ScalarClass.digit.complement)
    case "w": return take(.word)
    case "W": return take(ScalarClass.word.complement)
    case "s": return take(.space)
    case "S": return take(ScalarClass.space.complement)
    case "p": return (nil, try property())
    case "P": return (nil, try property().complement)
    default:
      let scalar = try scalarEscape()
      return (scalar, ScalarClass(scalar))
    }
  }

  private mutating func take(_ set: ScalarClass) -> (scalar: Unicode.Scalar?, set: ScalarClass) {
    place += 1
    return (nil, set)
  }

  /// `p{Name}` or `p{General_Category=Name}`.
  private mutating func property() throws(PatternError) -> ScalarClass {
    place += 1
    guard skip("{"), let end = scalars[place...].firstIndex(of: "}") else {
      throw failure("a property needs braces, such as '\\p{L}',")
    }
    var name = String(String.UnicodeScalarView(scalars[place..<end]))
    for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    defer { place = end + 1 }
    switch name {
    case "Any": return .any
    case "ASCII": return ScalarClass(ranges: [0...0x7F])
    case "Alphabetic", "Alpha": return ScalarClass(properties: [.alphabetic])
    case "Lowercase", "Lower": return ScalarClass(properties: [.lowercase])
    case "Uppercase", "Upper": return ScalarClass(properties: [.uppercase])
    case "White_Space", "space": return ScalarClass(properties: [.whiteSpace])
    case "Emoji": return ScalarClass(properties: [.emoji])
    default:
      guard let categories = CategorySet(named: name) else { throw failure("an unknown property '\(name)'") }
      return ScalarClass(categories: categories)
    }
  }

  private mutating func scalarEscape() throws(PatternError) -> Unicode.Scalar {
    guard let scalar = next() else { throw failure("a '\\' at the end") }
    switch scalar {
    case "t": return "\t"
    case "n": return "\n"
    case "v": return "\u{B}"
    case "f": return "\u{C}"
    case "r": return "\r"
    case "0" where peek.map { !("0"..."9").contains($0) } ?? true: return "\0"
    case "c":
      guard let letter = next(), ("a"..."z").contains(letter) || ("A"..."Z").contains(letter) else {
        throw failure("'\\c' needs a letter")
      }
      return Unicode.Scalar(UInt8(letter.value % 32))
    case "x": return try valid(hexadecimal(digits: 2))
    case "u": return try unicodeEscape()
    case "0"..."9", "a"..."z", "A"..."Z": throw failure("an unknown escape '\\\(scalar)'")
    default: return scalar
    }
  }

  /// `{1F600}`, `0041`, or two `\uXXXX` that make a surrogate pair.
  private mutating func unicodeEscape() throws(PatternError) -> Unicode.Scalar {
    if skip("{") {
      var value: UInt32 = 0
      while let digit = peek?.hexDigitValue, value <= 0x10FFFF {
        value = value * 16 + UInt32(digit)
        place += 1
      }
      guard skip("}") else { throw failure("'\\u{' needs hexadecimal digits and '}'") }
      return try valid(value)
    }
    let first = try hexadecimal(digits: 4)
    guard (0xD800...0xDBFF).contains(first), skip("\\u") else { return try valid(first) }
    let second = try hexadecimal(digits: 4)
    guard (0xDC00...0xDFFF).contains(second) else { throw failure("half of a surrogate pair") }
    return try valid(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func hexadecimal(digits: Int) throws(PatternError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = peek?.hexDigitValue else { throw failure("an escape needs \(digits) hexadecimal digits") }
      value = value * 16 + UInt32(digit)
      place += 1
    }
    return value
  }

  private func valid(_ value: UInt32) throws(PatternError) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else { throw failure("an escape of no Unicode scalar") }
    return scalar
  }
}
