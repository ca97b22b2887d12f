import DaybookRuntime
import HTTPTypes

/// The cookie in which browsers carry the access token. No script reads it, and no other site makes a browser send it.
/// Where the service encrypts, its name has the prefix by which browsers let no other host and no unencrypted page set
/// it.
enum SessionCookie {
  static func name(isEncrypted: Bool) -> String { isEncrypted ? "__Host-daybook_session" : "daybook_session" }

  /// - Parameter isEncrypted: whether the service encrypts itself. If not, a proxy may do so in its stead, and either name counts.
  static func token(in headers: HTTPFields, isEncrypted: Bool) -> String? {
    value(of: name(isEncrypted: true), in: headers)
      ?? (isEncrypted ? nil : value(of: name(isEncrypted: false), in: headers))
  }

  private static func value(of name: String, in headers: HTTPFields) -> String? {
    for header in headers[values: .cookie] {
      for pair in header.split(separator: ";") {
        let parts = pair.trimming(" ").split(separator: "=", maxSplits: 1)
        if parts.count == 2, parts[0] == name { return String(parts[1]) }
      }
    }
    return nil
  }

  /// The header that sets it.
  static func set(_ token: String, seconds: Int64, isEncrypted: Bool) -> String {
    let name = name(isEncrypted: isEncrypted)
    return "\(name)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(isEncrypted ? "; Secure" : "")"
  }

  /// The header that takes it away.
  static func clear(isEncrypted: Bool) -> String { set("", seconds: 0, isEncrypted: isEncrypted) }
}
