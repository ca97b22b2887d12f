import Documents

/// `daybook.json`, which makes a folder a store: the format of what is on disk, and the id that ties secrets to it.
struct Manifest: Sendable, Equatable {
  /// The format that this version writes. It reads no newer one.
  static let format = 1

  var format: Int
  var storeID: String

  var text: JSONText {
    JSONText(formatting: .object(["format": .number(JSONNumber(format)), "store_id": .string(storeID)]))
  }

  init(storeID: String) {
    format = Self.format
    self.storeID = storeID
  }

  init(parsing bytes: [UInt8]) throws(StoreError) {
    let text: JSONText
    do {
      text = try JSONText(parsing: bytes)
    } catch {
      throw StoreError(
        .damaged, "\(StoreLayout.manifest):\(error.position.line):\(error.position.column): \(error.message)",
        hint: "Bring it back with `git checkout -- \(StoreLayout.manifest)`.", document: StoreLayout.manifest)
    }
    guard let format = text.root["format"]?.integer, let storeID = text.root["store_id"]?.string, !storeID.isEmpty
    else {
      throw StoreError(
        .damaged, "\(StoreLayout.manifest) lacks \"format\" or \"store_id\".",
        hint: "Bring it back with `git checkout -- \(StoreLayout.manifest)`.", document: StoreLayout.manifest)
    }
    guard format <= Self.format else {
      throw StoreError(
        .newerFormat, "The store has format \(format); this version of Daybook knows formats up to \(Self.format).",
        hint: "Use the version that wrote it, or a newer one. Nothing was changed.")
    }
    guard Self.isPlain(storeID) else {
      throw StoreError(
        .damaged, "The store's id in daybook.json is not one that Daybook makes: letters, digits, '-' and '_' only.",
        document: StoreLayout.manifest)
    }
    self.format = format
    self.storeID = storeID
  }

  /// The id comes from the repository, which may be a stranger's, and goes into the name and the text of the key ring's
  /// file.
  private static func isPlain(_ storeID: String) -> Bool {
    let isPlain = storeID.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
      default: false
      }
    }
    return isPlain && storeID.utf8.count <= longestStoreID
  }

  private static let longestStoreID = 64
}
