import Daybook
import DaybookRuntime
import HTTPTypes

/// Tells who is calling.
///
/// A store without users has one caller: its owner, who may say in `Daybook-Author` for whom. With users, who calls shows a
/// token: an access token or that of an agent in `Authorization: Bearer`, or an access token in the cookie that signing in
/// sets. The setting `users.enabled` decides, for each request. Whoever comes by the Unix socket is at the machine itself,
/// and the owner, users or not.
struct Door: Sendable {
  let owner: Author
  /// Whether it opens only to the machine itself.
  var isLocal = false
  /// Whether what goes through it is encrypted.
  var isEncrypted = false
  /// The addresses of proxies that stand before it, whose word counts on where a request comes from.
  var proxies: Set<String> = []

  /// Where a request comes from.
  ///
  /// - Parameter address: that of whoever is connected, as text.
  func peer(_ address: String?, _ headers: HTTPFields) -> Peer {
    guard let address, proxies.contains(Peer.host(address)) else { return Peer(address, isEncrypted: isEncrypted) }
    // Each proxy adds at the end whom it was asked by; what stands before those that are known, anybody may have written.
    let asked = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }.map { Peer.host($0.trimming(" ")) }
    return Peer(
      asked.last { !$0.isEmpty && !proxies.contains($0) } ?? address,
      isEncrypted: isEncrypted || headers[.forwardedProto]?.lowercased() == "https")
  }

  /// - Parameter takesAuthor: whether `Daybook-Author` counts for what is asked.
  /// - Throws: `.unauthenticated` for who shows nothing that counts; a problem for a header that cannot be.
  func caller(_ headers: HTTPFields, _ rooms: Rooms, takesAuthor: Bool = false) throws -> Caller {
    if try isLocal || !rooms.settings.hasUsers() { return takesAuthor ? try owner(headers) : .owner(owner) }
    guard !takesAuthor || headers[.author] == nil else {
      throw Problem(
        .forbidden, code: .refused, "Daybook-Author does not go with users.", hint: "Who signs in is the author.")
    }
    guard let token = Self.bearer(headers) ?? SessionCookie.token(in: headers, isEncrypted: isEncrypted) else {
      throw StoreError(.unauthenticated, "Nobody is signed in.", hint: "Sign in at /api/v1/auth/sign-in.")
    }
    return try rooms.users.caller(bearing: token)
  }

  private func owner(_ headers: HTTPFields) throws(Problem) -> Caller {
    guard let text = headers[.author] else { return .owner(owner) }
    let author: Author
    do {
      author = try Author(parsing: text)
    } catch {
      throw Problem(.unprocessableContent, code: .usage, "Daybook-Author: \(error.message)", hint: error.hint)
    }
    return .owner(author)
  }

  /// What follows `Bearer`; empty for another scheme, so that no cookie stands in for it.
  private static func bearer(_ headers: HTTPFields) -> String? {
    guard let text = headers[.authorization] else { return nil }
    let words = text.split(separator: " ", maxSplits: 1)
    return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1].trimming(" ")) : ""
  }
}
