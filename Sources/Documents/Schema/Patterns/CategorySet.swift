/// A set of Unicode general categories. Each scalar is in exactly one, so a complement is exact.
struct CategorySet: OptionSet, Hashable, Sendable {
  let rawValue: UInt32

  /// The categories with their short names, in the order of the bits.
  private static let names: [(category: Unicode.GeneralCategory, name: String, alias: String)] = [
    (.uppercaseLetter, "Lu", "Uppercase_Letter"), (.lowercaseLetter, "Ll", "Lowercase_Letter"),
    (.titlecaseLetter, "Lt", "Titlecase_Letter"), (.modifierLetter, "Lm", "Modifier_Letter"),
    (.otherLetter, "Lo", "Other_Letter"), (.nonspacingMark, "Mn", "Nonspacing_Mark"),
    (.spacingMark, "Mc", "Spacing_Mark"), (.enclosingMark, "Me", "Enclosing_Mark"),
    (.decimalNumber, "Nd", "Decimal_Number"), (.letterNumber, "Nl", "Letter_Number"),
    (.otherNumber, "No", "Other_Number"), (.connectorPunctuation, "Pc", "Connector_Punctuation"),
    (.dashPunctuation, "Pd", "Dash_Punctuation"), (.openPunctuation, "Ps", "Open_Punctuation"),
    (.closePunctuation, "Pe", "Close_Punctuation"), (.initialPunctuation, "Pi", "Initial_Punctuation"),
    (.finalPunctuation, "Pf", "Final_Punctuation"), (.otherPunctuation, "Po", "Other_Punctuation"),
    (.mathSymbol, "Sm", "Math_Symbol"), (.currencySymbol, "Sc", "Currency_Symbol"),
    (.modifierSymbol, "Sk", "Modifier_Symbol"), (.otherSymbol, "So", "Other_Symbol"),
    (.spaceSeparator, "Zs", "Space_Separator"), (.lineSeparator, "Zl", "Line_Separator"),
    (.paragraphSeparator, "Zp", "Paragraph_Separator"), (.control, "Cc", "Control"), (.format, "Cf", "Format"),
    (.surrogate, "Cs", "Surrogate"), (.privateUse, "Co", "Private_Use"), (.unassigned, "Cn", "Unassigned"),
  ]

  /// Names of several categories, by the first letter of their short names.
  private static let groups: [String: Character] = [
    "Letter": "L", "Mark": "M", "Combining_Mark": "M", "Number": "N", "Punctuation": "P", "punct": "P", "Symbol": "S",
    "Separator": "Z", "Other": "C",
  ]

  private static let bits: [Unicode.GeneralCategory: UInt32] = Dictionary(
    uniqueKeysWithValues: names.enumerated().map { ($1.category, 1 << UInt32($0)) })

  static let all = CategorySet(rawValue: (1 << UInt32(names.count)) - 1)

  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  init(_ category: Unicode.GeneralCategory) {
    rawValue = Self.bits[category] ?? 0
  }

  /// The categories of a name such as `Lu`, `Uppercase_Letter`, `L` or `Letter`; nil for an unknown one.
  init?(named name: String) {
    let name = name == "digit" ? "Nd" : name == "cntrl" ? "Cc" : name
    let group = Self.groups[name] ?? (name.count == 1 ? name.first : nil)
    var bits: UInt32 = 0
    for (place, known) in Self.names.enumerated()
    where known.name == name || known.alias == name || known.name.first == group {
      bits |= 1 << UInt32(place)
    }
    guard bits != 0 else { return nil }
    rawValue = bits
  }
}
