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

  /// - Parameter takesAuthor: whether `Daybook-Author` counts for what is asked.
  /// - Throws: `.unauthenticated` for who shows nothing that counts; a problem for a header that cannot be.
  func caller(_ headers: HTTPFields, _ rooms: Rooms, takesAuthor: Bool = false) throws -> Caller {
    if try isLocal || !rooms.settings.hasUsers() { return takesAuthor ? try owner(headers) : .owner(owner) }
    guard !takesAuthor || headers[.author] == nil else {
      throw Problem(
        .forbidden, code: .refused, "Daybook-Author does not go with users.", hint: "Who signs in is the author.")
    }
    guard let token = Self.bearer(headers) ?? SessionCookie.token(in: headers) else {
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
