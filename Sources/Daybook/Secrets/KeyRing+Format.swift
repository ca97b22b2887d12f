import Documents
import Sodium

/// The file of a key ring:
///
/// ```json
/// {
///   "format": 1,
///   "store": "<store id>",
///   "keys": [
///     {"id": "<key id>", "created": "2026-11-21T07:00:00Z", "state": "active", "key": "<32 bytes>"}
///   ]
/// }
/// ```
///
/// Ids and keys are base64url. A key's id follows from the key, so a damaged key is noticed on reading. Key bytes are
/// never put into a `String`, and every array that held them is wiped.
extension KeyRing {
  static let format = 1
  /// Room for what is before the first key, and for each key.
  private static let largestHeadBytes = 256
  private static let largestKeyBytes = 512

  /// The bytes of the file. The caller wipes them.
  var fileBytes: [UInt8] {
    var bytes: [UInt8] = []
    // Growing would leave copies of the first keys behind in freed memory.
    bytes.reserveCapacity(Self.largestHeadBytes + keys.count * Self.largestKeyBytes)
    bytes += "{\n  \"format\": \(Self.format),\n  \"store\": \"\(storeID)\",\n  \"keys\": [".utf8
    for (position, key) in keys.enumerated() {
      bytes += (position == 0 ? "\n" : ",\n").utf8
      let created = JSONText.canonicalBytes(of: key.created)
      bytes += "    {\"id\": \"\(key.id)\", \"created\": ".utf8 + created
      bytes += ", \"state\": \"\(key.state.rawValue)\", \"key\": \"".utf8
      var secret = key.secret.exportedBytes()
      var encoded = Base64URL.encode(secret)
      bytes += encoded
      wipe(&secret)
      wipe(&encoded)
      bytes += "\"}".utf8
    }
    bytes += "\n  ]\n}\n".utf8
    return bytes
  }

  /// Reads the bytes of a file in clear.
  init(parsing bytes: [UInt8]) throws(KeyRingError) {
    guard case .plain(let ring) = try KeyRingFile.Content(parsing: bytes) else { throw .damaged("it is wrapped") }
    self = ring
  }

  init(parsing text: JSONText) throws(KeyRingError) {
    guard let format = text.root["format"]?.integer else { throw .damaged("it does not tell its format") }
    guard format <= Self.format else { throw .newerFormat }
    guard let storeID = text.root["store"]?.string else { throw .damaged("it does not tell its store") }
    guard let list = text.root["keys"], list.kind == .array else { throw .damaged("it has no list of keys") }
    guard list.count <= Self.mostKeys else { throw .damaged("it has more than \(Self.mostKeys) keys") }
    var keys: [DataKey] = []
    for (position, node) in list.elements.enumerated() {
      guard let key = try? DataKey(node, in: text) else { throw .damaged("key number \(position + 1) is not whole") }
      keys.append(key)
    }
    guard Self.isConsistent(keys) else { throw .damaged("it has a key twice, or two active keys") }
    self.init(storeID: storeID, keys: keys)
  }
}

/// Why bytes are not a key ring. Nothing of a key is in it.
enum KeyRingError: Error, Hashable {
  case damaged(String)
  case newerFormat
}

extension DataKey {
  /// Nil unless everything is there and the id is the key's own.
  fileprivate init?(_ node: JSONNode, in text: JSONText) throws(SodiumError) {
    guard let id = node["id"]?.string, let created = node["created"]?.string,
      let state = node["state"]?.string.flatMap(State.init(rawValue:)),
      let secret = node["key"], secret.kind == .string,
      var bytes = Base64URL.decode(text.bytes[secret.range].dropFirst().dropLast())
    else { return nil }
    defer { wipe(&bytes) }
    try self.init(created: created, state: state, secret: SecretKey(bytes: bytes))
    guard self.id.description == id else { return nil }
  }
}
