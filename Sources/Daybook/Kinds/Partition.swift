import Documents

/// How a collection's documents are spread over folders, so that no folder grows without bound: the cost of a commit is
/// the size of the folders on its path.
public enum Partition: String, Sendable {
  /// All in one folder: for the few named documents that people edit.
  case flat
  /// A folder for each day (`2026-11/21`), read from the id: for ids that are UUIDv7.
  case day
  /// A folder for each minute (`2026-11/21/0640`), for what is written hundreds of times an hour.
  case minute
  /// 64 × 64 folders by a hash of the id (`07/52`): for many ids that come from outside. At a million documents each
  /// folder on the path has 64 to 250 names.
  case hash

  /// The folders between the collection and the document, from the top; throws when the id has no date to go by.
  func folders(for id: DocumentID) throws(StoreError) -> [String] {
    switch self {
    case .flat:
      return []
    case .hash:
      let hash = Self.stableHash(of: id.text)
      return [Self.octal(hash >> 6 & 63), Self.octal(hash & 63)]
    case .day, .minute:
      guard let date = UUIDv7(parsing: id.text)?.date else {
        throw StoreError(
          .refused,
          "'\(id.text)' is not an id of this collection: its documents are kept by day, so the id must be a UUIDv7.",
          hint: "Leave the id out and one is made.")
      }
      // Month and day: a folder of years in between would be one more tree to write and keep for each commit.
      let day = ["\(Self.digits(date.year, 4))-\(Self.digits(date.month, 2))", Self.digits(date.day, 2)]
      return self == .day ? day : day + [Self.digits(date.hour, 2) + Self.digits(date.minute, 2)]
    }
  }

  /// FNV-1a over the UTF-8 bytes with its halves folded. Part of the layout on disk: it may never change.
  private static func stableHash(of text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ hash >> 32
  }

  private static func octal(_ value: UInt64) -> String {
    "\(value >> 3)\(value & 7)"
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
