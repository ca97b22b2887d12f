import Daybook
import Documents

/// Whose a profile is: its member `user` says so, and its id, which begins with that user's and `~`, a letter that no account
/// has in its name.
///
/// | profile | its id | is read by | is changed by | may be tried with its key by |
/// | --- | --- | --- | --- | --- |
/// | the store's | `work` | everybody, secrets masked | the store's owners | the same |
/// | a user's | `ann~work` | that user | that user | that user |
///
/// So nobody learns from an id that is taken what another user has.
extension ProfileName {
  /// Whose it is by its id; nil for the store's.
  package var owner: String? { Self.owner(ofID: id) }

  private static func owner(ofID id: String) -> String? {
    id.firstIndex(of: "~").map { String(id[..<$0]) }
  }

  /// The id of a user's own profile, for a name such as `work` or the whole id.
  package static func id(_ name: String, of user: String) -> String {
    owner(ofID: name) == user ? name : "\(user)~\(name)"
  }

  /// - Throws: `.refused` for a profile whose member `user` and id do not fit.
  static func checkOwner(of address: DocumentAddress, _ root: JSONNode) throws(StoreError) {
    guard address.collection.text.hasPrefix(ProfileKind.prefix), let user = root["user"]?.string,
      owner(ofID: address.id.text) != user
    else { return }
    throw StoreError(
      .refused, "A profile of the user '\(user)' has an id that begins with '\(user)~'.", document: "\(address)")
  }
}

extension Caller {
  /// - Throws: for a document whose id says that it is another's, the same whether or not there is one.
  func checkMayName(_ address: DocumentAddress) throws(StoreError) {
    let (collection, id) = (address.collection.text, address.id.text)
    if Ownership.isByUser(collection), id != user { throw WriteRule.missing(address) }
    guard collection.hasPrefix(ProfileKind.prefix), !hasStore, !id.hasPrefix("\(user)~") else { return }
    throw StoreError(
      .refused, "You may write only profiles of your own.", hint: "Their ids begin with '\(user)~'.",
      document: "\(address)")
  }
}
