import Documents

/// How an RSSHub server is tried.
///
/// A server with an access key keeps everything behind it, its health too: so a refusal without the key is a good answer
/// when the profile has one, and only then.
struct FeedServerProbe {
  private let url: String
  private let key: String?

  init(_ profile: ResolvedProfile) {
    url = "\(profile["base_url"]?.string ?? "")/healthz"
    key = profile["access_key"]?.string
  }

  var probes: [Probe] {
    let hasKey = key != nil
    let open = Probe(
      name: "health", request: WebRequest(url: url),
      judge: { answer throws(WebFailure) in
        if hasKey, [401, 403].contains(answer.status) { return "up, and wants its access key" }
        try answer.checkStatus()
        return "up"
      })
    guard let key else { return [open] }
    let keyed = Probe(
      name: "access key", request: WebRequest(url: "\(url)?key=\(Self.escaped(key))"),
      judge: { answer throws(WebFailure) in
        try answer.checkStatus()
        return "accepted"
      })
    return [open, keyed]
  }

  /// The text as a value in the query of a URL.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default:
        byte.percentEncoded()
      }
    }.joined()
  }
}
