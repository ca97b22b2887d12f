import Testing

@testable import Daybook
@testable import Documents

let thisStore = "0199a1b2-0000-7000-8000-000000000001"

func address(_ collection: String, _ id: String) throws -> DocumentAddress {
  DocumentAddress(collection: try CollectionName(collection), id: try DocumentID(id))
}

/// Paths in a short form: `a.b`, with `*` for any member `[]` for any element and a number for one.
func secretPaths(_ texts: String...) -> [SchemaMemberPath] {
  texts.map { text in
    let steps = text.split(separator: ".").map { step -> SchemaMemberPath.Step in
      switch step {
      case "*": .anyMember(SchemaMemberPath.MemberFilter())
      case "[]": .anyElement(from: 0)
      default: Int(step).map { .element($0) } ?? .name(String(step))
      }
    }
    return SchemaMemberPath(steps: steps, value: .bool(true))
  }
}

extension Sealer {
  /// A sealer with a ring of one fresh key.
  static func fresh(storeID: String = thisStore) throws -> Sealer {
    try Sealer(storeID: storeID, ring: KeyRing.fresh(storeID: storeID, created: "2026-11-21T07:00:00Z"))
  }

  init(storeID: String, ring: KeyRing?) throws {
    self.init(storeID: storeID, keys: try .holding(ring, storeID: storeID))
  }

  var ring: KeyRing? { (try? keys.ring()) ?? nil }

  /// The same store on a machine that has this ring, or none.
  func with(_ ring: KeyRing?) throws -> Sealer { try Sealer(storeID: storeID, ring: ring) }
}

/// The bytes with one bit turned over.
func flip(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
  var flipped = bytes
  flipped[bit / 8] ^= 1 << (bit % 8)
  return flipped
}

extension JSONNode {
  func element(_ position: Int) -> JSONNode? { elements.dropFirst(position).first { _ in true } }
}

extension JSONText {
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// The error that the body throws; a test fails when it throws none.
func storeError(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> StoreError? {
  do {
    try body()
    Issue.record("No error was thrown.", sourceLocation: sourceLocation)
  } catch let error as StoreError {
    return error
  } catch {
    Issue.record("Another error was thrown: \(error)", sourceLocation: sourceLocation)
  }
  return nil
}
