/// Why a text cannot be a document's id.
public struct DocumentIDError: Error, Equatable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable {
    case empty, tooLong, dots, separator, controlCharacter, fileNameTooLong, notAFileName
  }

  /// The text that was given.
  public var text: String
  /// What is wrong with it.
  public var reason: Reason

  /// A sentence without the text, which may be long or unprintable.
  public var description: String {
    switch reason {
    case .empty: "An id may not be empty."
    case .tooLong: "An id may have at most \(DocumentID.maximumBytes) bytes; this one has \(text.utf8.count)."
    case .dots: "An id may not be '.' or '..', which mean folders."
    case .separator: "An id may not contain a slash or a backslash."
    case .controlCharacter: "An id may not contain control characters."
    case .fileNameTooLong:
      "The file name for this id would have more than \(DocumentFileName.maximumBytes) bytes; "
        + "capital letters and characters outside ASCII take three for each of theirs."
    case .notAFileName: "This is not the file name of any id."
    }
  }
}
