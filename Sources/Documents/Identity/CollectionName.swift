/// The name of a collection, which is also its folder: 1 to 4 segments such as `profiles/llm`.
///
/// A segment begins with a lower-case letter or a digit and goes on with these, `_` and `-`.
public struct CollectionName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The whole name.
  public let text: String

  /// The most segments that a name may have.
  public static let maximumSegments = 4
  /// The longest segment, in bytes.
  public static let maximumSegmentBytes = 64

  /// Checks a name.
  public init(_ text: String) throws(CollectionNameError) {
    let segments = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if let reason = Self.flaw(in: segments) { throw CollectionNameError(text: text, reason: reason) }
    self.text = text
  }

  /// The folders from the top.
  public var segments: [String] { text.split(separator: "/").map(String.init) }

  /// Order of the bytes.
  public static func < (one: CollectionName, other: CollectionName) -> Bool { one.text.precedesExactly(other.text) }

  /// The whole name.
  public var description: String { text }

  private static func flaw(in segments: [Substring.UTF8View]) -> CollectionNameError.Reason? {
    guard segments.count <= maximumSegments else { return .tooManySegments }
    for segment in segments {
      guard let first = segment.first else { return .emptySegment }
      guard segment.count <= maximumSegmentBytes else { return .segmentTooLong }
      guard isLetterOrDigit(first), segment.allSatisfy({ isLetterOrDigit($0) || $0 == 0x5F || $0 == 0x2D }) else {
        return .badCharacter
      }
      if DocumentFileName.isDeviceName(segment) { return .deviceName }
    }
    return nil
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}

/// Why a text cannot be the name of a collection.
public struct CollectionNameError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable { case emptySegment, badCharacter, tooManySegments, segmentTooLong, deviceName }

  /// The text that was given.
  public var text: String
  /// What is wrong with it.
  public var reason: Reason

  /// A sentence.
  public var description: String {
    switch reason {
    case .emptySegment: "A collection is named by words with single slashes between them, such as profiles/llm."
    case .badCharacter:
      "The name of a collection may hold a-z, 0-9, _ and -, and each part begins with a letter or a digit."
    case .tooManySegments: "The name of a collection may have at most \(CollectionName.maximumSegments) parts."
    case .segmentTooLong:
      "A part of a collection's name may have at most \(CollectionName.maximumSegmentBytes) characters."
    case .deviceName: "A part of this name is reserved on Windows; the store could not be cloned there."
    }
  }
}
