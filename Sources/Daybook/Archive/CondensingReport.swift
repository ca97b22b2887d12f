/// What condensing did to the packs. Bytes are those of packs and their indexes together.
public struct CondensingReport: Sendable, Equatable {
  public let packsBefore: Int
  public let packsAfter: Int
  public let bytesBefore: Int
  public let bytesAfter: Int
  /// Packs that were there and are not condensed.
  public let left: [PackLeft]

  init(before: [PackFolder.Pack], after: [PackFolder.Pack], left: [PackLeft]) {
    (packsBefore, packsAfter) = (before.count, after.count)
    bytesBefore = before.reduce(0) { $0 + $1.bytes + $1.indexBytes }
    bytesAfter = after.reduce(0) { $0 + $1.bytes + $1.indexBytes }
    self.left = left
  }
}

/// A pack that condensing left as it is.
public struct PackLeft: Sendable, Equatable {
  public enum Reason: Sendable, Equatable {
    /// There was no time, or not enough to be sure that it would do.
    case time
    /// It takes so many bytes of memory.
    case memory(Int)
    /// Somebody wants it to stay: it has a `.keep` file, or another one with that meaning.
    case kept
    /// It is damaged, or in a form that this version does not read. What is wrong, in words.
    case unreadable(String)
  }

  /// Below the store's folder.
  public let file: String
  public let bytes: Int
  public let reason: Reason

  init(_ pack: PackFolder.Pack, _ reason: Reason) {
    file = StoreLayout.packPath(pack.name)
    bytes = pack.bytes
    self.reason = reason
  }
}
