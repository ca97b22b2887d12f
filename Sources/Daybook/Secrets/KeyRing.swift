import Sodium

/// The data keys of one store. It lives on the machine, outside the repository, and whoever loses it loses the secrets.
///
/// A value: a changed ring takes effect when it is written and the store gets it, never halfway. A key's state only goes
/// forward:
///
/// ```
/// active ──another key is made──▶ open-only ──no document uses it──▶ retired
/// ```
///
/// A rotation is under way as long as a key is open-only. A retired key is kept, and still opens: old revisions were
/// sealed with it.
struct KeyRing: Sendable {
  /// The id of the store whose secrets the keys seal.
  let storeID: String
  /// In the order in which they were made.
  private(set) var keys: [DataKey]

  /// How many keys a ring may have: a rotation a day for ten years. Each takes some guarded memory.
  static let mostKeys = 4_000

  /// A ring with one fresh key, on no disk yet.
  static func fresh(storeID: String, created: String) throws(SodiumError) -> KeyRing {
    let key = try DataKey(created: created, state: .active, secret: .random())
    return KeyRing(storeID: storeID, keys: [key])
  }

  /// At most one key may be active, and no two may be the same.
  init(storeID: String, keys: [DataKey]) {
    precondition(Self.isConsistent(keys), "A ring has different keys, at most one of them active.")
    self.storeID = storeID
    self.keys = keys
  }

  static func isConsistent(_ keys: [DataKey]) -> Bool {
    keys.count { $0.state == .active } <= 1 && Set(keys.map(\.id)).count == keys.count
  }

  /// The key that new values are sealed with.
  var active: DataKey? { keys.first { $0.state == .active } }

  subscript(id: KeyID) -> DataKey? { keys.first { $0.id == id } }

  // MARK: Changes

  /// Whether documents may still use a key that another one has followed.
  var isRotating: Bool { keys.contains { $0.state == .openOnly } }

  /// Lets a new key seal from now on; the one that did so far only opens.
  mutating func begin(_ key: DataKey) {
    precondition(key.state == .active && self[key.id] == nil, "A rotation begins with a key of its own.")
    for place in keys.indices where keys[place].state == .active { keys[place].state = .openOnly }
    keys.append(key)
  }

  /// Ends the turn of the open-only keys that no document uses any more.
  mutating func retire(unlessUsed isUsed: (KeyID) -> Bool) {
    for place in keys.indices where keys[place].state == .openOnly && !isUsed(keys[place].id) {
      keys[place].state = .retired
    }
  }

  /// Takes in the keys of the same store's ring from another machine. A key that both have goes on to the later of its two
  /// states, as it was rotated on either side. Of two active keys the one made later stays so, on both machines alike.
  mutating func merge(_ other: KeyRing) {
    for key in other.keys {
      if let place = keys.firstIndex(where: { $0.id == key.id }) {
        keys[place].state = max(keys[place].state, key.state)
      } else {
        keys.append(key)
      }
    }
    let newest = keys.filter { $0.state == .active }.max { ($0.created, "\($0.id)") < ($1.created, "\($1.id)") }
    for place in keys.indices where keys[place].state == .active && keys[place].id != newest?.id {
      keys[place].state = .openOnly
    }
  }
}
