import TestSupport
import Testing

@testable import Documents

@Suite struct Base64Tests {
  /// Those of RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func theVectorsOfTheStandardHold(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test func allBytesComeBack() {
    var random = RepeatableRandom(seed: 7)
    for count in 0..<400 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes, "\(count) bytes")
    }
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm-_", "Zm9v Zm9", "Zmé=", "=Zg=",
  ])
  func whatIsTheTextOfNoBytesIsRefused(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
