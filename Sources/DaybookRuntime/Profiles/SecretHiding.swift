/// Takes secrets out of what a server sends back, in each spelling that it may have made of what was sent to it: as it
/// is, escaped for a URL, or escaped for JSON.
struct SecretHiding: Sendable {
  /// A secret by its characters: the spellings that each of them may have.
  private typealias Secret = [[[UInt8]]]

  private let secrets: [Secret]

  init(_ secrets: [String]) {
    self.secrets = secrets.filter { !$0.isEmpty }.map { $0.unicodeScalars.map(Self.spellings) }
  }

  func hidden(_ text: String) -> String { beginning(of: Array(text.utf8), bytes: .max) }

  /// What begins within so many bytes. Secrets are found before anything is cut off: the beginning of one tells nearly
  /// as much as all of it.
  func beginning(of text: [UInt8], bytes count: Int) -> String {
    var result: [UInt8] = []
    var place = 0
    while place < min(count, text.count) {
      if let end = secrets.compactMap({ Self.end(of: $0, at: place, in: text) }).max() {
        result += ResolvedProfile.mask.utf8
        place = end
      } else {
        result.append(text[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func end(of secret: Secret, at place: Int, in text: [UInt8]) -> Int? {
    var ends: Set<Int> = [place]
    for spellings in secret {
      ends = Set(
        ends.flatMap { end in
          spellings.filter { text[end...].starts(with: $0) }.map { end + $0.count }
        })
      if ends.isEmpty { return nil }
    }
    return ends.max()
  }

  private static func spellings(of character: Unicode.Scalar) -> [[UInt8]] {
    let text = String(character)
    var spellings = [text]
    for isUppercase in [true, false] {
      spellings.append(text.utf8.map { $0.percentEncoded(uppercase: isUppercase) }.joined())
      spellings.append(
        text.utf16.map { unit in
          let digits = String(unit, radix: 16, uppercase: isUppercase)
          return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined())
    }
    if character == " " { spellings.append("+") }
    if ["\"", "\\", "/"].contains(character) { spellings.append("\\" + text) }
    return spellings.map { Array($0.utf8) }
  }
}

extension UInt8 {
  /// As it stands in a URL: `%2F`.
  func percentEncoded(uppercase: Bool = true) -> String {
    "%" + (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: uppercase)
  }
}
