/// A JSON Patch (RFC 6902): operations that are applied in order, all or none.
///
/// ```swift
/// let patch = try JSONPatch(parsing: text.root)  // [{"op": "replace", "path": "/temperature", "value": 0.7}]
/// let changed = try patch.applied(to: document)  // a JSONText keeps its formatting
/// ```
public struct JSONPatch: Sendable, Equatable {
  /// One step of a patch.
  public enum Operation: Sendable, Equatable {
    case add(JSONPointer, JSONValue)
    case remove(JSONPointer)
    case replace(JSONPointer, JSONValue)
    case move(from: JSONPointer, to: JSONPointer)
    case copy(from: JSONPointer, to: JSONPointer)
    case test(JSONPointer, JSONValue)

    /// What the operation is about.
    public var path: JSONPointer {
      switch self {
      case .add(let path, _), .remove(let path), .replace(let path, _), .move(_, let path), .copy(_, let path),
        .test(let path, _):
        path
      }
    }
  }

  /// The steps in order.
  public var operations: [Operation]

  /// A patch of known operations.
  public init(_ operations: [Operation]) { self.operations = operations }

  /// The document after all operations.
  ///
  /// - Throws: The first operation that cannot be applied; a failed `test` is among them.
  public func applied(to document: JSONValue) throws(JSONPatchError) -> JSONValue {
    var target = JSONPatchTarget(document: document)
    for (index, operation) in operations.enumerated() {
      do throws(JSONPatchError.Reason) {
        try target.apply(operation)
      } catch {
        throw JSONPatchError(operation: index, path: "\(operation.path)", reason: error)
      }
    }
    return target.document
  }

  /// The text after all operations, with the formatting of all that did not change.
  public func applied(to text: JSONText) throws(JSONPatchError) -> JSONText {
    text.changing(to: try applied(to: text.root.value))
  }
}
