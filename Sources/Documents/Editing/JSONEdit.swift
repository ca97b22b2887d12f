/// One change to a text that leaves everything else as it was written.
public enum JSONEdit: Sendable, Equatable {
  /// Replaces a value, or adds a member at the end of its object.
  case set(JSONPointer, JSONValue)
  /// Removes a member or an element.
  case remove(JSONPointer)
  /// Puts a value into an array: before the element that the pointer names, or at the end for `-`.
  case insert(JSONPointer, JSONValue)

  /// What the edit is about.
  public var pointer: JSONPointer {
    switch self {
    case .set(let pointer, _), .remove(let pointer), .insert(let pointer, _): pointer
    }
  }
}

/// Why an edit cannot be made.
public struct JSONEditError: Error, Equatable, CustomStringConvertible {
  /// What stands against it.
  public enum Reason: Sendable, Equatable {
    /// What the pointer or its parent names is not there.
    case missing
    /// The parent is neither an array nor an object, or it is not an array where one is needed.
    case wrongParent
    /// The whole document cannot be removed or inserted.
    case root
    /// The text would be too long or too deep.
    case limit(JSONError)
  }

  /// Where the edit was to be made.
  public var pointer: JSONPointer
  /// What stands against it.
  public var reason: Reason

  /// A sentence.
  public var description: String {
    switch reason {
    case .missing: "There is nothing at \"\(pointer)\"."
    case .wrongParent: "What contains \"\(pointer)\" cannot be changed so: it is of another kind."
    case .root: "The whole document can be neither removed nor inserted."
    case .limit(let error): "The document would go beyond a limit: \(error.message)"
    }
  }
}
