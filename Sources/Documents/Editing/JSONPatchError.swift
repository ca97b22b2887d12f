/// Why a patch cannot be read or applied.
public struct JSONPatchError: Error, Equatable, CustomStringConvertible {
  /// What stands against it.
  public enum Reason: Error, Equatable {
    /// The patch is not an array.
    case notAnArray
    /// An operation is not an object.
    case notAnObject
    /// A member is missing or no string.
    case noMember(String)
    /// A pointer is written wrongly.
    case badPointer(JSONPointerError)
    /// There is no such operation.
    case unknownOperation(String)
    /// What the path, its parent or `from` names is not there.
    case missing(JSONPointer)
    /// The whole document cannot be removed or moved.
    case root
    /// A value cannot be moved into itself.
    case intoItself
    /// The value is not the expected one.
    case testFailed(found: JSONValue)
    /// The document would nest too deep.
    case tooDeep
    /// Copies would make the document too large.
    case tooLarge
  }

  /// The place of the operation in the patch, from 0; nil if the patch as a whole is wrong.
  public var operation: Int?
  /// The path of the operation, as it was written.
  public var path: String?
  /// What stands against it.
  public var reason: Reason

  /// `Operation 2 (/models/0): There is nothing at "/models/0".`
  public var description: String {
    let path = path.map { " (\"\($0)\")" } ?? ""
    return (operation.map { "Operation \($0)\(path): " } ?? "") + reason.sentence
  }
}

extension JSONPatchError.Reason {
  fileprivate var sentence: String {
    switch self {
    case .notAnArray: "A JSON Patch is an array of operations."
    case .notAnObject: "An operation is an object."
    case .noMember(let name): "The operation needs a member \"\(name)\"" + (name == "value" ? "." : " with a string.")
    case .badPointer(let error): error.description
    case .unknownOperation(let name):
      "There is no operation \"\(name)\"; there are add, remove, replace, move, copy and test."
    case .missing(let pointer): "There is nothing at \"\(pointer)\"."
    case .root: "The whole document can be neither removed nor moved."
    case .intoItself: "A value cannot be moved into itself."
    case .testFailed(let found): "The test failed: the value there is \(found.shortText)."
    case .tooDeep: "The document would nest more than \(JSONLimits.standard.maximumDepth) deep."
    case .tooLarge: "The copies would make the document larger than \(JSONLimits.standard.maximumBytes) bytes."
    }
  }
}
