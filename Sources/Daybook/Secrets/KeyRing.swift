import Sodium

/// The data keys of one store. It lives on the machine, outside the repository, and whoever loses it loses the secrets.
///
/// A value: a changed ring takes effect when it is written and the store gets it, never halfway.
struct KeyRing: Sendable {
  /// The id of the store whose secrets the keys seal.
  let storeID: String
  /// In the order in which they were made.
  private(set) var keys: [DataKey]

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
}
