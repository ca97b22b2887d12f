/// The members of a JSON object in their order. Equality ignores the order; keys are told apart by their bytes.
public struct JSONObject: Sendable {
  struct Member: Sendable {
    var key: String
    var value: JSONValue
  }

  private(set) var members: [Member]
  /// Where each key is; kept only for objects too large for a walk over the keys.
  private var places: [ExactText: Int] = [:]

  /// Up to here a walk over the keys is quicker than a table.
  private static let walkLimit = 16

  /// An object without members.
  public init() { members = [] }

  /// Members in the given order; their keys must differ.
  public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
    self.init()
    for (key, value) in members { append(key: key, value: value) }
  }

  /// Takes over members whose keys are known to differ.
  init(distinct members: [Member]) {
    self.members = members
    rebuildPlaces()
  }

  /// The number of members.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The keys in order.
  public var keys: [String] { members.map(\.key) }

  /// Setting keeps the place of a key that is there, appends one that is not, and removes it for nil.
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { members[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): remove(at: place)
      case (nil, let value?): add(key: key, value: value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end; there must be none of that key yet.
  public mutating func append(key: String, value: JSONValue) {
    precondition(place(of: key) == nil, "The object has a member \"\(key)\" already.")
    add(key: key, value: value)
  }

  /// The members without those of the given keys.
  func removing(_ keys: [String]) -> JSONObject {
    guard !keys.isEmpty else { return self }
    let removed = Set(keys.map(ExactText.init))
    return JSONObject(distinct: members.filter { !removed.contains(ExactText($0.key)) })
  }

  private mutating func add(key: String, value: JSONValue) {
    members.append(Member(key: key, value: value))
    if members.count == Self.walkLimit + 1 {
      rebuildPlaces()
    } else if members.count > Self.walkLimit {
      places[ExactText(key)] = members.count - 1
    }
  }

  private mutating func remove(at place: Int) {
    members.remove(at: place)
    rebuildPlaces()
  }

  private mutating func rebuildPlaces() {
    places = [:]
    guard members.count > Self.walkLimit else { return }
    places.reserveCapacity(members.count)
    for (place, member) in members.enumerated() { places[ExactText(member.key)] = place }
  }

  /// The value of a key that is probably at a certain place, as when two objects have the same order.
  func value(of key: String, near place: Int) -> JSONValue? {
    if place < members.count, members[place].key.isExactly(key) { return members[place].value }
    return self[key]
  }

  private func place(of key: String) -> Int? {
    if members.count > Self.walkLimit { return places[ExactText(key)] }
    return members.firstIndex { $0.key.isExactly(key) }
  }
}

extension JSONObject: Sequence {
  /// The members in order.
  public func makeIterator() -> some IteratorProtocol<(key: String, value: JSONValue)> {
    members.lazy.map { (key: $0.key, value: $0.value) }.makeIterator()
  }

  /// The exact number of members, for reserving memory.
  public var underestimatedCount: Int { members.count }
}

extension JSONObject: Hashable {
  /// Same keys with equal values, in any order.
  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    one.count == other.count
      && one.members.enumerated().allSatisfy { other.value(of: $1.key, near: $0) == $1.value }
  }

  /// Agrees with `==`: the order of members does not matter.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members {
      var memberHasher = Hasher()
      memberHasher.combine(member.key)
      memberHasher.combine(member.value)
      sum &+= memberHasher.finalize()
    }
    hasher.combine(sum)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Members in the given order; their keys must differ.
  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self.init(members.map { (key: $0, value: $1) })
  }
}
