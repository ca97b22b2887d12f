import Daybook
import Documents
import Sodium

/// What a client that has signed in shows with each request: a JSON Web Token (RFC 7519) with one algorithm, HMAC with
/// SHA-256, that only this store makes and only this store takes.
///
/// The header is never read: it must be, to the character, the one that is written for one of the keys. So there is no
/// algorithm to be chosen and no key to be smuggled in. Reading checks, in this order: length and form, header, signature,
/// and only then what the token says.
struct AccessToken: Equatable {
  /// The id of the user.
  let user: String
  /// The id of the refresh token's document: the token counts as long as that does.
  let session: String
  /// That of the user when it was made.
  let tokenVersion: Int
  /// Seconds since 1970.
  let issuedAt: Int64
  let expiresAt: Int64

  /// A key to sign with, and what the header says of it.
  struct Key: Sendable {
    let id: String
    let secret: SecretKey
    fileprivate let header: String

    init(id: String, _ secret: SecretKey) {
      self.id = id
      self.secret = secret
      header = AccessToken.word(["alg": "HS256", "typ": "at+jwt", "kid": .string(id)])
    }
  }

  enum Flaw: Error, Equatable {
    /// Not one of this store's, or changed.
    case forged
    case expired
  }

  private static let longest = 2_048
  /// How far the clocks of two machines that share a store may be apart, in seconds.
  private static let leeway: Int64 = 60
  private static let audience = "daybook"

  // MARK: Writing

  func text(issuer: String, key: Key) throws(StoreError) -> String {
    let claims: JSONValue = [
      "iss": .string(issuer), "aud": .string(Self.audience), "sub": .string(user), "sid": .string(session),
      "ver": .number(JSONNumber(tokenVersion)), "iat": .number(JSONNumber(Int(issuedAt))),
      "exp": .number(JSONNumber(Int(expiresAt))),
    ]
    let message = "\(key.header).\(Self.word(claims))"
    do {
      let code = try MessageCode.code(for: Array(message.utf8), with: key.secret)
      return "\(message).\(String(decoding: Base64URL.encode(code), as: UTF8.self))"
    } catch {
      throw StoreError(.unavailable, "A token could not be signed.", cause: error)
    }
  }

  private static func word(_ value: JSONValue) -> String {
    String(decoding: Base64URL.encode(Array(value.compactText.utf8)), as: UTF8.self)
  }

  // MARK: Reading

  /// - Parameters:
  ///   - keys: those that tokens may be signed with.
  ///   - now: seconds since 1970.
  init(parsing text: String, issuer: String, keys: [Key], now: Int64) throws(Flaw) {
    guard text.utf8.count <= Self.longest else { throw .forged }
    let words = text.split(separator: ".", omittingEmptySubsequences: false)
    guard words.count == 3, let key = keys.first(where: { $0.header.utf8.elementsEqual(words[0].utf8) }),
      let code = Base64URL.decode(words[2].utf8),
      MessageCode.isCode(code, for: Array("\(words[0]).\(words[1])".utf8), with: key.secret),
      let bytes = Base64URL.decode(words[1].utf8), let claims = try? JSONText(parsing: bytes).root
    else { throw .forged }
    try self.init(claims, issuer: issuer, now: now)
  }

  private init(_ claims: JSONNode, issuer: String, now: Int64) throws(Flaw) {
    guard claims["iss"]?.string == issuer, claims["aud"]?.string == Self.audience,
      let user = claims["sub"]?.string, let session = claims["sid"]?.string, let version = claims["ver"]?.integer,
      let issuedAt = claims["iat"]?.integer, let expiresAt = claims["exp"]?.integer, issuedAt <= expiresAt
    else { throw .forged }
    self.init(
      user: user, session: session, tokenVersion: version, issuedAt: Int64(issuedAt), expiresAt: Int64(expiresAt))
    if now >= self.expiresAt || now < self.issuedAt - Self.leeway { throw .expired }
  }

  init(user: String, session: String, tokenVersion: Int, issuedAt: Int64, expiresAt: Int64) {
    self.user = user
    self.session = session
    self.tokenVersion = tokenVersion
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }
}
