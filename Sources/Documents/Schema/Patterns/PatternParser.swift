/// Reads a pattern's text into its syntax tree.
///
///     choice   = sequence ("|" sequence)*
///     sequence = (atom quantifier?)*
///     atom     = "(" choice ")" | class | escape | "." | "^" | "$" | a character
///
/// The syntax is that of ECMA-262 with the `u` flag, except that a punctuation character may always be escaped and
/// that `]`, `}` and a `{` that begins no quantifier stand for themselves, as they do in browsers without the flag.
struct PatternParser {
  static let maximumNesting = 64
  static let maximumCount = 10_000

  let scalars: [Unicode.Scalar]
  var place = 0
  private var nesting = 0

  private init(_ source: String) {
    scalars = Array(source.unicodeScalars)
  }

  static func parse(_ source: String) throws(PatternError) -> PatternNode {
    var parser = PatternParser(source)
    let node = try parser.choice()
    guard parser.peek == nil else { throw parser.failure("an unmatched ')'") }
    return node
  }

  // MARK: Reading scalars

  var peek: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek else { return nil }
    place += 1
    return scalar
  }

  mutating func skip(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  func failure(_ message: String) -> PatternError {
    PatternError(message: message, offset: place)
  }

  // MARK: Grammar

  private mutating func choice() throws(PatternError) -> PatternNode {
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while let scalar = peek, scalar != "|", scalar != ")" {
      let atom = try atom()
      parts.append(try quantified(atom, isGroup: scalar == "("))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func atom() throws(PatternError) -> PatternNode {
    if isQuantifier { throw failure("nothing to repeat") }
    switch next() {
    case "(": return try group()
    case "[": return .one(try bracketClass())
    case ".": return .one(ScalarClass.lineEnd.complement)
    case "^": return .start
    case "$": return .end
    case "\\": return try escape()
    case let scalar?: return .one(ScalarClass(scalar))
    case nil: throw failure("an unexpected end")
    }
  }

  private mutating func group() throws(PatternError) -> PatternNode {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.maximumNesting else {
      throw failure("groups nested more than \(Self.maximumNesting) deep")
    }
    for lookAround in ["?=", "?!", "?<=", "?<!"] where skip(lookAround) {
      throw failure("look-around '(\(lookAround)' is not supported, since its time could not be bounded,")
    }
    if skip("?<") {
      while let scalar = next(), scalar != ">" {}
    } else if !skip("?:"), peek == "?" {
      throw failure("an unknown kind of group")
    }
    let node = try choice()
    guard skip(")") else { throw failure("a group without its ')'") }
    return node
  }

  /// What stands outside of a class only, and else a class of one escape.
  private mutating func escape() throws(PatternError) -> PatternNode {
    if skip("b") { return .wordBoundary(isNegated: false) }
    if skip("B") { return .wordBoundary(isNegated: true) }
    if let scalar = peek, ("1"..."9").contains(scalar) || scalar == "k" {
      throw failure("back-references are not supported, since their time could not be bounded,")
    }
    return .one(try classEscape().set)
  }

  // MARK: Quantifiers

  private var isQuantifier: Bool {
    var copy = self
    return copy.bounds() != nil
  }

  private mutating func quantified(_ atom: PatternNode, isGroup: Bool) throws(PatternError) -> PatternNode {
    guard let (minimum, maximum) = bounds() else { return atom }
    if atom.isAssertion, !isGroup { throw failure("an assertion cannot be repeated") }
    if minimum > Self.maximumCount || (maximum ?? 0) > Self.maximumCount {
      throw failure("a repetition of more than \(Self.maximumCount)")
    }
    if let maximum, maximum < minimum { throw failure("a repetition whose bounds are out of order") }
    _ = skip("?")
    return .repeated(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func bounds() -> (minimum: Int, maximum: Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    let start = place
    guard skip("{"), let minimum = integer() else {
      place = start
      return nil
    }
    if skip("}") { return (minimum, minimum) }
    if skip(",}") { return (minimum, nil) }
    guard skip(","), let maximum = integer(), skip("}") else {
      place = start
      return nil
    }
    return (minimum, maximum)
  }

  /// Digits, read as at most one more than the largest count that is allowed.
  private mutating func integer() -> Int? {
    let start = place
    var value = 0
    while let scalar = peek, let digit = scalar.hexDigitValue, digit < 10 {
      value = min(value * 10 + digit, Self.maximumCount + 1)
      place += 1
    }
    return place > start ? value : nil
  }
}

extension Unicode.Scalar {
  /// 0 to 15 for an ASCII hexadecimal digit.
  var hexDigitValue: Int? {
    switch self {
    case "0"..."9": Int(value) - 0x30
    case "a"..."f": Int(value) - 0x57
    case "A"..."F": Int(value) - 0x37
    default: nil
    }
  }
}
