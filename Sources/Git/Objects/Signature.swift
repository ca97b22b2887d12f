/// Who made a commit and when.
package struct Signature: Hashable, Sendable {
  package var name: String
  package var email: String
  /// Seconds since 1970, UTC.
  package var seconds: Int64

  /// Characters that would end a name or an address early are dropped, as Git itself does.
  package init(name: String, email: String, seconds: Int64) {
    self.name = Self.cleaned(name, ifEmpty: "unknown")
    self.email = Self.cleaned(email, ifEmpty: "unknown")
    self.seconds = seconds
  }

  private static func cleaned(_ text: String, ifEmpty fallback: String) -> String {
    if isClean(text.utf8) { return text }
    var scalars = text.unicodeScalars.filter { $0.value >= 32 && $0 != "<" && $0 != ">" && $0.value != 127 }
    func isCrud(_ scalar: Unicode.Scalar) -> Bool { " .,:;\"'\\".unicodeScalars.contains(scalar) }
    while let last = scalars.last, isCrud(last) { scalars.removeLast() }
    let kept = scalars.drop(while: isCrud)
    return kept.isEmpty ? fallback : String(String.UnicodeScalarView(kept))
  }

  /// Whether there is surely nothing to drop; each commit asks, and nearly always there is not.
  private static func isClean(_ text: String.UTF8View) -> Bool {
    func isLetterOrDigit(_ byte: UInt8?) -> Bool {
      byte.map { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") || (48...57).contains($0) } ?? false
    }
    guard isLetterOrDigit(text.first), isLetterOrDigit(text.last) else { return false }
    return text.allSatisfy { $0 >= 32 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") && $0 != 127 }
  }
}
