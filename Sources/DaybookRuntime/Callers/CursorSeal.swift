package import Daybook
import Sodium

/// The ends of pages as callers get them who do not see everything. A page for which documents were looked through may
/// end at somebody else's: neither its id nor what it is ordered by is to be told, nor may anybody ask from a place of
/// their own choice what lies behind it. So such an end is sealed, for the one user.
package struct CursorSeal: Sendable {
  private let store: Store
  private let caller: Caller

  package init(for caller: Caller, in store: Store) {
    self.caller = caller
    self.store = store
  }

  /// - Throws: `.keyMissing` when this machine has no key ring; but nobody is signed in then.
  package func seal(_ cursor: String) throws(StoreError) -> String {
    guard !caller.isLocal, let id = try store.dataKeyIDs().first else { return cursor }
    let key = try key(from: id)
    do {
      let sealed = try SecretBox.seal(Array(cursor.utf8), with: key)
      return String(decoding: Base64URL.encode(sealed.nonce + sealed.box), as: UTF8.self)
    } catch {
      throw StoreError(.unavailable, "The end of a page could not be sealed.", cause: error)
    }
  }

  /// - Throws: `.usage` for what was not sealed for this user, or under a key that is retired.
  package func open(_ text: String) throws(StoreError) -> String {
    if caller.isLocal { return text }
    let bytes = Base64URL.decode(text.utf8) ?? []
    let (nonce, box) = (Array(bytes.prefix(SecretBox.nonceByteCount)), Array(bytes.dropFirst(SecretBox.nonceByteCount)))
    for id in try store.dataKeyIDs() {
      let key = try key(from: id)
      if let cursor = try? SecretBox.open(box, nonce: nonce, with: key) {
        return String(decoding: cursor, as: UTF8.self)
      }
    }
    throw StoreError(.usage, "'\(text)' is not the end of a page of yours.", hint: "Use the `next` of the page before.")
  }

  private func key(from dataKeyID: String) throws(StoreError) -> SecretKey {
    try store.key(for: "page-end/\(caller.user)", from: dataKeyID)
  }
}
