/// What a document is called within its collection: any text of up to 512 bytes without slashes, backslashes and
/// control characters. Ids are told apart by their bytes.
public struct DocumentID: Sendable {
  /// The id as the application gave it.
  public let text: String

  /// The name of the document's file or folder, without `.json`: safe on every file system, and different for different
  /// ids even where letter case and Unicode forms are not told apart. Worked out when it is asked for.
  public var fileName: String { DocumentFileName.escaped(text) }

  /// The longest id, in bytes of UTF-8.
  public static let maximumBytes = 512

  /// Checks an id that comes from outside.
  public init(_ text: String) throws(DocumentIDError) {
    if let reason = Self.flaw(in: text) { throw DocumentIDError(text: text, reason: reason) }
    guard DocumentFileName.escaped(text).utf8.count <= DocumentFileName.maximumBytes else {
      throw DocumentIDError(text: text, reason: .fileNameTooLong)
    }
    self.text = text
  }

  /// An id that was checked when it came in: what a store's own index holds.
  package init(stored text: String) {
    self.text = text
  }

  /// An id that was made by a store.
  public init(_ uuid: UUIDv7) {
    text = uuid.text
  }

  /// Reads the name of a document's file or folder, without `.json`. Only the one name that an id has is accepted.
  public init(fileName: String) throws(DocumentIDError) {
    guard let text = DocumentFileName.unescaped(fileName) else {
      throw DocumentIDError(text: fileName, reason: .notAFileName)
    }
    try self.init(text)
    guard self.fileName.isExactly(fileName) else { throw DocumentIDError(text: fileName, reason: .notAFileName) }
  }

  private static func flaw(in text: String) -> DocumentIDError.Reason? {
    if text.isEmpty { return .empty }
    if text.utf8.count > maximumBytes { return .tooLong }
    if text == "." || text == ".." { return .dots }
    for scalar in text.unicodeScalars {
      if scalar == "/" || scalar == "\\" { return .separator }
      // All of the general category Cc; asking for the category takes fifty times as long.
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return .controlCharacter }
    }
    return nil
  }
}

extension DocumentID: Hashable, Comparable, CustomStringConvertible {
  /// Equality of the bytes.
  public static func == (one: DocumentID, other: DocumentID) -> Bool { one.text.isExactly(other.text) }

  /// Order of the bytes.
  public static func < (one: DocumentID, other: DocumentID) -> Bool { one.text.precedesExactly(other.text) }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// The id as the application gave it.
  public var description: String { text }
}
