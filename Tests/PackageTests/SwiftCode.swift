/// The code of a Swift file without its comments and what its literals say, line by line, so that rules about words can be
/// read off the text.
struct SwiftCode {
  let lines: [String]

  init(_ text: String) {
    var scanner = CodeScanner(bytes: Array(text.utf8))
    scanner.skipCode(isInterpolation: false)
    lines = String(decoding: scanner.code, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The numbers of the lines with this word, counted from 1. `try!` finds that, and not `entry!`.
  func lines(with word: String) -> [Int] {
    lines.indices.filter { Self.has(word, in: lines[$0]) }.map { $0 + 1 }
  }

  private static func has(_ word: String, in line: String) -> Bool {
    let line = Array(line.utf8)
    let word = Array(word.utf8)
    for start in line.indices where line[start...].starts(with: word) {
      let end = start + word.count
      let beginsHere = start == 0 || !line[start - 1].isWordPart || !word[0].isWordPart
      let endsHere = end == line.count || !line[end].isWordPart || !word[word.count - 1].isWordPart
      if beginsHere && endsHere { return true }
    }
    return false
  }
}

/// Walks over Swift text. Code is kept, comments and the contents of literals are not; lines stay lines.
private struct CodeScanner {
  let bytes: [UInt8]
  private(set) var code: [UInt8] = []
  private var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Takes code to the end, or to the parenthesis that closes an interpolation.
  mutating func skipCode(isInterpolation: Bool) {
    var depth = 0
    while place < bytes.count {
      let byte = bytes[place]
      if isNext("//") {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      } else if isNext("/*") {
        skipBlockComment()
      } else if let fence = literalFence() {
        skipLiteral(fence)
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") { depth -= 1 }
        code.append(byte)
        place += 1
        if isInterpolation && depth < 0 { return }
      }
    }
  }

  private func isNext(_ text: StaticString, at offset: Int = 0) -> Bool {
    bytes[min(place + offset, bytes.count)...].starts(with: text.description.utf8)
  }

  /// How many number signs begin a literal here; nil where none begins.
  private func literalFence() -> Int? {
    let signs = bytes[place...].prefix { $0 == UInt8(ascii: "#") }.count
    return isNext("\"", at: signs) ? signs : nil
  }

  private mutating func skipLiteral(_ fence: Int) {
    place += fence
    let quotes = isNext("\"\"\"") ? 3 : 1
    place += quotes
    let end = Array(repeating: UInt8(ascii: "\""), count: quotes) + Array(repeating: UInt8(ascii: "#"), count: fence)
    let escape = [UInt8(ascii: "\\")] + Array(repeating: UInt8(ascii: "#"), count: fence)
    code += [UInt8(ascii: "\""), UInt8(ascii: "\"")]
    while place < bytes.count, !bytes[place...].starts(with: end) {
      if bytes[place...].starts(with: escape) {
        place += escape.count + 1
        if place <= bytes.count, bytes[place - 1] == UInt8(ascii: "(") { skipCode(isInterpolation: true) }
      } else {
        skipOne()
      }
    }
    place = min(place + end.count, bytes.count)
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if isNext("/*") { depth += 1 }
      if isNext("*/") { depth -= 1 }
      let isMark = isNext("/*") || isNext("*/")
      skipOne()
      if isMark { skipOne() }
    } while depth > 0 && place < bytes.count
  }

  /// Leaves one byte out, but not the end of a line.
  private mutating func skipOne() {
    guard place < bytes.count else { return }
    if bytes[place] == UInt8(ascii: "\n") { code.append(bytes[place]) }
    place += 1
  }
}

extension UInt8 {
  fileprivate var isWordPart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: self >= 0x80
    }
  }
}
