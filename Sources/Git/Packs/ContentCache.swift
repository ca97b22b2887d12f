/// Contents that were read lately, within a bound: a young generation and an old one, so that what is used again stays.
struct ContentCache<Key: Hashable, Content> {
  private struct Kept {
    var content: Content
    var bytes: Int
  }

  /// How much each of the two generations holds.
  private static var generationBytes: Int { 32 << 20 }

  private var young: [Key: Kept] = [:]
  private var old: [Key: Kept] = [:]
  private var youngBytes = 0

  mutating func content(_ key: Key) -> Content? {
    if let kept = young[key] { return kept.content }
    guard let kept = old[key] else { return nil }
    insert(kept.content, key, bytes: kept.bytes)
    return kept.content
  }

  mutating func insert(_ content: Content, _ key: Key, bytes: Int) {
    if youngBytes > Self.generationBytes {
      old = young
      young = [:]
      youngBytes = 0
    }
    if young.updateValue(Kept(content: content, bytes: bytes), forKey: key) == nil { youngBytes += bytes }
  }
}
