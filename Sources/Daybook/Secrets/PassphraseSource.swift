import Storage

/// Where the passphrase of a wrapped key ring comes from: the variable `DAYBOOK_KEYS_PASSPHRASE`, else the file that
/// `DAYBOOK_KEYS_PASSPHRASE_FILE` names, as services have it, else a person who is asked. A line end behind it does not count.
struct PassphraseSource: Sendable {
  static let textVariable = "DAYBOOK_KEYS_PASSPHRASE"
  static let fileVariable = "DAYBOOK_KEYS_PASSPHRASE_FILE"

  let environment: [String: String]
  let fileSystem: any FileSystem
  /// Nil when nobody can be asked, or answers.
  let ask: @Sendable () -> [UInt8]?

  /// The caller wipes it.
  func passphrase() throws(StoreError) -> [UInt8]? {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let text = value(Self.textVariable) { return Array(text.utf8).withoutLineEnd }
    guard let path = value(Self.fileVariable) else { return ask() }
    do {
      // As services have their secrets mounted.
      let file = try fileSystem.followingLinks(path)
      return try fileSystem.read(file, limit: Limits.passphraseBytes).withoutLineEnd
    } catch {
      throw StoreError(
        .keyMissing, "The file with the passphrase of the key ring, \(path), cannot be read.",
        hint: "\(Self.fileVariable) names it.", cause: error)
    }
  }
}

extension [UInt8] {
  /// Without the line end that editors put behind a line.
  package var withoutLineEnd: [UInt8] {
    var bytes = self
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    return bytes
  }
}
