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
    var scalars = text.unicodeScalars.filter { $0.value >= 32 && $0 != "<" && $0 != ">" && $0.value != 127 }
    func isCrud(_ scalar: Unicode.Scalar) -> Bool { " .,:;\"'\\".unicodeScalars.contains(scalar) }
    while let last = scalars.last, isCrud(last) { scalars.removeLast() }
    let kept = scalars.drop(while: isCrud)
    return kept.isEmpty ? fallback : String(String.UnicodeScalarView(kept))
  }
}
