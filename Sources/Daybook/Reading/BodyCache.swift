import Documents
import Git
import Synchronization

/// The content of a document or segment in memory.
enum Body: Sendable {
  case bytes([UInt8])
  /// Also read as JSON already.
  case text(JSONText)

  var bytes: [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .text(let text): text.bytes
    }
  }

  /// What it takes in memory, roughly: a text's tape is about as long as the text.
  var size: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .text(let text): 2 * text.bytes.count
    }
  }
}

/// The bodies that were read or written last, up to a number of bytes.
///
/// Two generations: what is found in the old one moves to the young one, and when the young one is half the limit it
/// becomes the old one. That keeps what is in use at the cost of two dictionaries, with no list to maintain on each read.
/// Spread over parts with a lock each, so that readers on several cores rarely meet.
final class BodyCache: Sendable {
  private struct Entry {
    var id: ObjectID
    var body: Body
  }

  /// By the first eight bytes of the id: hashing and comparing those is cheaper, and should two ids ever share them, one
  /// pushes the other out.
  private struct Generations {
    var young: [UInt64: Entry] = [:]
    var old: [UInt64: Entry] = [:]
    var youngBytes = 0

    func body(_ generation: [UInt64: Entry], _ id: ObjectID) -> Body? {
      guard let entry = generation[id.prefix], entry.id == id else { return nil }
      return entry.body
    }

    mutating func insert(_ body: Body, for id: ObjectID, limit: Int) {
      let replaced = young.updateValue(Entry(id: id, body: body), forKey: id.prefix)
      youngBytes += body.size - (replaced.map { $0.body.size } ?? -Self.overhead)
      guard youngBytes > limit / 2 else { return }
      old = young
      young = [:]
      youngBytes = 0
    }

    private static let overhead = 96
  }

  private final class Part: Sendable {
    let generations = Mutex(Generations())
  }

  private static let partCount = 16

  private let parts: [Part]
  private let partLimit: Int

  init(limit: Int) {
    parts = (0..<Self.partCount).map { _ in Part() }
    partLimit = limit / Self.partCount
  }

  subscript(id: ObjectID) -> Body? {
    part(id).generations.withLock { generations in
      if let body = generations.body(generations.young, id) { return body }
      guard let body = generations.body(generations.old, id) else { return nil }
      generations.insert(body, for: id, limit: partLimit)
      return body
    }
  }

  /// Keeps a body, unless it alone would push out everything else.
  func insert(_ body: Body, for id: ObjectID) {
    guard body.size < partLimit / 4 else { return }
    part(id).generations.withLock { $0.insert(body, for: id, limit: partLimit) }
  }

  private func part(_ id: ObjectID) -> Part {
    parts[Int(truncatingIfNeeded: id.prefix) & (Self.partCount - 1)]
  }
}
