extension JSONNode {
  /// The elements of an array in order; empty unless the value is an array.
  public var elements: JSONElements { JSONElements(of: self) }

  /// The members of an object in order; empty unless the value is an object.
  public var members: JSONMembers { JSONMembers(of: self) }

  /// The value of a member, found by a walk over the keys; nil unless the value is an object that has it.
  public subscript(key: String) -> JSONNode? {
    guard kind == .object else { return nil }
    let end = Int(tapeNode.next)
    var place = index + 1
    while place < end {
      if storage.key(at: place, is: key) { return JSONNode(storage: storage, index: place + 1) }
      place = Int(storage.tape[place + 1].next)
    }
    return nil
  }

  /// The element at a place from 0; nil unless the value is an array that long.
  public subscript(position: Int) -> JSONNode? {
    guard kind == .array, position >= 0, position < count else { return nil }
    var place = index + 1
    for _ in 0..<position { place = Int(storage.tape[place].next) }
    return JSONNode(storage: storage, index: place)
  }

  /// What a pointer leads to, seen from this value.
  public subscript(pointer: JSONPointer) -> JSONNode? {
    var node = self
    for token in pointer.tokens {
      guard let child = node.child(token) else { return nil }
      node = child
    }
    return node
  }

  /// What one token of a pointer leads to.
  func child(_ token: String) -> JSONNode? {
    switch kind {
    case .object: self[token]
    case .array: JSONPointer.index(token).flatMap { self[$0] }
    default: nil
    }
  }
}

/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
  private let storage: JSONText.Storage
  private var place: Int
  private let end: Int

  init(of node: JSONNode) {
    storage = node.storage
    place = node.index + 1
    end = node.kind == .array ? Int(node.tapeNode.next) : place
  }

  /// The next element.
  public mutating func next() -> JSONNode? {
    guard place < end else { return nil }
    defer { place = Int(storage.tape[place].next) }
    return JSONNode(storage: storage, index: place)
  }
}

/// The members of an object.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
  private let storage: JSONText.Storage
  private var place: Int
  private let end: Int

  init(of node: JSONNode) {
    storage = node.storage
    place = node.index + 1
    end = node.kind == .object ? Int(node.tapeNode.next) : place
  }

  /// The next member.
  public mutating func next() -> JSONMember? {
    guard place < end else { return nil }
    defer { place = Int(storage.tape[place + 1].next) }
    return JSONMember(storage: storage, keyIndex: place)
  }
}

/// A key and its value.
public struct JSONMember: Sendable {
  let storage: JSONText.Storage
  let keyIndex: Int

  /// The key, unescaped each time it is asked for.
  public var key: String { JSONNode(storage: storage, index: keyIndex).content }

  /// The bytes of the key in its text, quotes included.
  public var keyRange: Range<Int> { storage.tape[keyIndex].range }

  /// The value of the member.
  public var value: JSONNode { JSONNode(storage: storage, index: keyIndex + 1) }

  /// Whether this is the member of that name; cheaper than making the key.
  public func isNamed(_ key: String) -> Bool { storage.key(at: keyIndex, is: key) }
}

extension JSONText.Storage {
  /// Compares keys by their bytes: two spellings of `é` are two keys.
  func key(at index: Int, is key: String) -> Bool {
    let node = tape[index]
    let inside = node.range.lowerBound + 1..<node.range.upperBound - 1
    if node.isFlagged { return unescaped(inside).elementsEqual(key.utf8) }
    let text = bytes
    return text.span.extracting(inside).hasSameBytes(as: key.utf8.span)
  }
}
