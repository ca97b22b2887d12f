import Git
import Synchronization

/// The kinds that were read lately, by the names and the bytes of their files: equal files make equal kinds.
///
/// Compiling the schemas is most of what it takes to make or open a small store, and one that is made compiles each file
/// when the first transaction is checked, when it is committed, and when the store is opened.
enum KindCache {
  private struct File: Hashable {
    let name: String
    let content: ObjectID
  }

  private static let kinds = Mutex<[File: Kind]>([:])

  /// Reads a schema file, as `Kind(parsing:fileName:)` does.
  static func kind(parsing bytes: [UInt8], fileName: String) throws(StoreError) -> Kind {
    let file = File(name: fileName, content: ObjectID(hashing: bytes, as: .blob))
    if let known = kinds.withLock({ $0[file] }) { return known }
    // Outside of the lock: a large schema holds up nobody who reads another one.
    let kind = try Kind(parsing: bytes, fileName: fileName)
    kinds.withLock { kinds in
      if kinds.count >= Limits.cachedKinds { kinds = [:] }
      kinds[file] = kind
    }
    return kind
  }
}
