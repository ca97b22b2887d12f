/// A set of Unicode scalars: ranges, general categories and named properties, together or all but them.
struct ScalarClass: Hashable, Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var categories: CategorySet = []
  var properties: [Property] = []
  var isNegated = false

  /// A property that does not follow from the general category.
  enum Property: Hashable, Sendable {
    case alphabetic, lowercase, uppercase, whiteSpace, emoji
    indirect case not(Property)
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    holds(scalar) != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) }
      || (!categories.isEmpty && categories.contains(CategorySet(scalar.properties.generalCategory)))
      || properties.contains { $0.holds(scalar.properties) }
  }

  /// Adds what another class that is not negated holds.
  mutating func formUnion(_ other: ScalarClass) {
    ranges += other.ranges
    categories.formUnion(other.categories)
    properties += other.properties
  }

  /// All other scalars, without use of `isNegated`, so that it can become a part of a larger class.
  /// Only for a class of one part: ranges, categories or a property.
  var complement: ScalarClass {
    if !categories.isEmpty { return ScalarClass(categories: .all.subtracting(categories)) }
    if let property = properties.first { return ScalarClass(properties: [.not(property)]) }
    var result = ScalarClass()
    var start: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > start { result.ranges.append(start...(range.lowerBound - 1)) }
      start = max(start, range.upperBound + 1)
    }
    if start <= Self.last { result.ranges.append(start...Self.last) }
    return result
  }
}

extension ScalarClass {
  private static let last: UInt32 = 0x10FFFF

  static let any = ScalarClass(ranges: [0...last])
  static let digit = ScalarClass(ranges: [0x30...0x39])
  static let word = ScalarClass(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let lineEnd = ScalarClass(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])
  static let space = ScalarClass(ranges: [
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
    0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
  ])

  init(_ scalar: Unicode.Scalar) {
    ranges = [scalar.value...scalar.value]
  }
}

extension ScalarClass.Property {
  fileprivate func holds(_ properties: Unicode.Scalar.Properties) -> Bool {
    switch self {
    case .alphabetic: properties.isAlphabetic
    case .lowercase: properties.isLowercase
    case .uppercase: properties.isUppercase
    case .whiteSpace: properties.isWhitespace
    case .emoji: properties.isEmoji
    case .not(let property): !property.holds(properties)
    }
  }
}
