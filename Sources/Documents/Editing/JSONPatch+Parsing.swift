extension JSONPatch {
  /// Reads a patch. Members that an operation does not know are ignored, as the RFC asks.
  public init(parsing node: JSONNode) throws(JSONPatchError) { try self.init(parsing: node.value) }

  /// Reads a patch. Members that an operation does not know are ignored, as the RFC asks.
  public init(parsing value: JSONValue) throws(JSONPatchError) {
    guard case .array(let array) = value else { throw JSONPatchError(operation: nil, path: nil, reason: .notAnArray) }
    operations = []
    for (index, element) in array.enumerated() {
      do throws(JSONPatchError.Reason) {
        operations.append(try Operation(parsing: element))
      } catch {
        throw JSONPatchError(operation: index, path: element["path"]?.string, reason: error)
      }
    }
  }

  /// The patch as JSON.
  public var value: JSONValue { .array(operations.map(\.value)) }
}

extension JSONPatch.Operation {
  fileprivate init(parsing value: JSONValue) throws(JSONPatchError.Reason) {
    guard case .object(let object) = value else { throw .notAnObject }
    let name = try object.requiredString("op")
    switch name {
    case "add": self = .add(try object.pointer("path"), try object.required("value"))
    case "remove": self = .remove(try object.pointer("path"))
    case "replace": self = .replace(try object.pointer("path"), try object.required("value"))
    case "move": self = .move(from: try object.pointer("from"), to: try object.pointer("path"))
    case "copy": self = .copy(from: try object.pointer("from"), to: try object.pointer("path"))
    case "test": self = .test(try object.pointer("path"), try object.required("value"))
    default: throw .unknownOperation(name)
    }
  }

  fileprivate var value: JSONValue {
    func operation(_ name: String, _ members: JSONObject) -> JSONValue {
      var object: JSONObject = ["op": .string(name), "path": .string("\(path)")]
      for member in members { object.append(key: member.key, value: member.value) }
      return .object(object)
    }
    return switch self {
    case .add(_, let value): operation("add", ["value": value])
    case .remove: operation("remove", [:])
    case .replace(_, let value): operation("replace", ["value": value])
    case .move(let from, _): operation("move", ["from": .string("\(from)")])
    case .copy(let from, _): operation("copy", ["from": .string("\(from)")])
    case .test(_, let value): operation("test", ["value": value])
    }
  }
}

extension JSONObject {
  fileprivate func required(_ name: String) throws(JSONPatchError.Reason) -> JSONValue {
    guard let value = self[name] else { throw .noMember(name) }
    return value
  }

  fileprivate func requiredString(_ name: String) throws(JSONPatchError.Reason) -> String {
    guard let text = self[name]?.string else { throw .noMember(name) }
    return text
  }

  fileprivate func pointer(_ name: String) throws(JSONPatchError.Reason) -> JSONPointer {
    let text = try requiredString(name)
    do throws(JSONPointerError) {
      return try JSONPointer(parsing: text)
    } catch {
      throw .badPointer(error)
    }
  }
}
