import Daybook
import Documents
import Sodium

/// A token that says nothing but which document of the collection `tokens` it belongs to, and secrets by which that
/// recognizes it: words with points between,
///
/// ```
/// daybook-refresh.<id>.<secret of the family>.<secret>
/// daybook-agent.<id>.<secret>
/// ```
///
/// Secrets are 32 bytes that nobody can guess, spelt in base64url. The document has their digests.
struct OpaqueToken: Equatable {
  enum Purpose: String, Sendable, CaseIterable {
    case refresh, agent

    var prefix: String { "daybook-\(rawValue)" }
    var secrets: Int { self == .refresh ? 2 : 1 }
  }

  let purpose: Purpose
  let id: String
  /// As they are spelt.
  let secrets: [String]

  init(_ purpose: Purpose, id: String, secrets: [String]) {
    self.purpose = purpose
    self.id = id
    self.secrets = secrets
  }

  /// Nil for a text that is no such token.
  init?(parsing text: String) {
    guard text.utf8.count <= Self.longest else { return nil }
    let words = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let purpose = Purpose.allCases.first(where: { $0.prefix == words[0] }), words.count == 2 + purpose.secrets,
      UUIDv7(parsing: words[1]) != nil, words.dropFirst(2).allSatisfy(Self.isSecret)
    else { return nil }
    self.init(purpose, id: words[1], secrets: Array(words.dropFirst(2)))
  }

  var text: String { ([purpose.prefix, id] + secrets).joined(separator: ".") }

  private static let longest = 256
  static let secretBytes = 32

  private static func isSecret(_ word: String) -> Bool { Base64URL.decode(word.utf8)?.count == secretBytes }

  // MARK: Secrets and their digests

  static func makeSecret() throws(StoreError) -> String {
    do {
      return String(decoding: Base64URL.encode(try randomBytes(secretBytes)), as: UTF8.self)
    } catch {
      throw StoreError(.unavailable, "A token could not be made.", cause: error)
    }
  }

  static func digest(of secret: String) throws(StoreError) -> String {
    do {
      return String(decoding: Base64URL.encode(try Digest.of(Array(secret.utf8))), as: UTF8.self)
    } catch {
      throw StoreError(.unavailable, "A token could not be worked on.", cause: error)
    }
  }

  /// Whether a digest in a document is that of a secret.
  static func isDigest(_ digest: String?, of secret: String) throws(StoreError) -> Bool {
    Digest.areEqual(Array((digest ?? "").utf8), Array(try self.digest(of: secret).utf8))
  }
}
