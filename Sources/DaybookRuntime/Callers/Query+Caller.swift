import Daybook
import Documents

extension Query {
  /// Only documents of the caller's own, by an index that begins with `/user`.
  func owned(by caller: Caller) throws(StoreError) -> Query {
    let ownerless: [JSONValue] = caller.user == Caller.ownerID ? [.null] : []
    return try self.where("/user", .isOneOf([.string(caller.user)] + ownerless))
  }
}
