/// A document under a patch. It bounds what operations can build: depth, and the size of all copies together, since
/// each copy could double the document.
struct JSONPatchTarget {
  private(set) var document: JSONValue
  private var bytesLeftForCopies = JSONLimits.standard.maximumBytes

  init(document: JSONValue) { self.document = document }

  mutating func apply(_ operation: JSONPatch.Operation) throws(JSONPatchError.Reason) {
    switch operation {
    case .add(let path, let value):
      try add(value, at: path)
    case .remove(let path):
      _ = try remove(at: path)
    case .replace(let path, let value):
      try replace(at: path, with: value)
    case .move(let from, let path):
      guard from == path || !from.isPrefix(of: path) else { throw .intoItself }
      let value = try self.value(at: from)
      if from == path { return }
      _ = try remove(at: from)
      try add(value, at: path)
    case .copy(let from, let path):
      let value = try self.value(at: from)
      guard value.spend(&bytesLeftForCopies) else { throw .tooLarge }
      try add(value, at: path)
    case .test(let path, let expected):
      let found = try value(at: path)
      guard found == expected else { throw .testFailed(found: found) }
    }
  }

  private func value(at path: JSONPointer) throws(JSONPatchError.Reason) -> JSONValue {
    guard let value = document[path] else { throw .missing(path) }
    return value
  }

  private mutating func add(_ value: JSONValue, at path: JSONPointer) throws(JSONPatchError.Reason) {
    guard path.tokens.count + value.depth <= JSONLimits.standard.maximumDepth else { throw .tooDeep }
    guard let token = path.tokens.last else {
      document = value
      return
    }
    let isAdded = document.changeParent(of: path) { parent in
      switch parent {
      case .object(var object):
        parent = .null
        object[token] = value
        parent = .object(object)
      case .array(var array):
        guard let place = token == "-" ? array.count : JSONPointer.index(token), place <= array.count else {
          return false
        }
        parent = .null
        array.insert(value, at: place)
        parent = .array(array)
      default: return false
      }
      return true
    }
    guard isAdded else { throw .missing(path) }
  }

  private mutating func replace(at path: JSONPointer, with value: JSONValue) throws(JSONPatchError.Reason) {
    guard path.tokens.count + value.depth <= JSONLimits.standard.maximumDepth else { throw .tooDeep }
    guard
      document.change(
        at: path.tokens[...],
        {
          $0 = value; return true
        })
    else { throw .missing(path) }
  }

  private mutating func remove(at path: JSONPointer) throws(JSONPatchError.Reason) -> JSONValue {
    guard let token = path.tokens.last else { throw .root }
    let removed = try value(at: path)
    let isRemoved = document.changeParent(of: path) { parent in
      switch parent {
      case .object(var object):
        parent = .null
        object[token] = nil
        parent = .object(object)
      case .array(var array):
        guard let place = JSONPointer.index(token), place < array.count else { return false }
        parent = .null
        array.remove(at: place)
        parent = .array(array)
      default: return false
      }
      return true
    }
    guard isRemoved else { throw .missing(path) }
    return removed
  }
}

extension JSONValue {
  fileprivate mutating func changeParent(of path: JSONPointer, _ body: (inout JSONValue) -> Bool) -> Bool {
    change(at: path.tokens.dropLast(), body)
  }

  /// Changes a value within this one, taking the way to it apart so that nothing is copied. False if it is not there,
  /// or if `body` says so.
  fileprivate mutating func change(at path: ArraySlice<String>, _ body: (inout JSONValue) -> Bool) -> Bool {
    guard let token = path.first else { return body(&self) }
    switch self {
    case .object(var object):
      guard var child = object[token] else { return false }
      self = .null
      object[token] = .null
      let isChanged = child.change(at: path.dropFirst(), body)
      object[token] = child
      self = .object(object)
      return isChanged
    case .array(var array):
      guard let place = JSONPointer.index(token), place < array.count else { return false }
      self = .null
      let isChanged = array[place].change(at: path.dropFirst(), body)
      self = .array(array)
      return isChanged
    default:
      return false
    }
  }

  /// Takes about the bytes that this value needs from a budget; false, at once, when it is used up.
  fileprivate func spend(_ budget: inout Int) -> Bool {
    switch self {
    case .null, .bool: budget -= 4
    case .number(let number): budget -= number.text.utf8.count
    case .string(let string): budget -= string.utf8.count + 2
    case .array(let array):
      budget -= 2
      for element in array where budget < 0 || !element.spend(&budget) { return false }
    case .object(let object):
      budget -= 2
      for member in object.members {
        budget -= member.key.utf8.count + 3
        if budget < 0 || !member.value.spend(&budget) { return false }
      }
    }
    return budget >= 0
  }
}
