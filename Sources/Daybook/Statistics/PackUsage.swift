import Git
import Storage

/// What objects take in the packs, each counted once, however often it is asked for.
struct PackUsage {
  private var packs: [(layout: PackLayout, isCounted: [Bool])] = []
  private(set) var bytes = 0
  private(set) var indexBytes = 0

  var count: Int { packs.count }
  var objects: Int { packs.reduce(0) { $0 + $1.layout.objectCount } }

  /// Reads the indexes of all packs. One that is taken away meanwhile has a successor, so they are listed again.
  init(_ folder: PackFolder) throws {
    var attempt = 1
    while true {
      do {
        try read(folder)
        return
      } catch let error as FileError where error.isMissing && attempt < Limits.packOpeningAttempts {
        self = PackUsage()
        attempt += 1
      }
    }
  }

  private init() {}

  private mutating func read(_ folder: PackFolder) throws {
    for pack in try folder.packs() {
      let layout = try folder.layout(pack)
      packs.append((layout, [Bool](repeating: false, count: layout.objectCount)))
      bytes += pack.bytes
      indexBytes += pack.indexBytes
    }
  }

  /// How many bytes the object takes; 0 when it is in no pack, or was counted before.
  mutating func take(_ id: ObjectID) -> Int {
    for number in packs.indices {
      guard let place = packs[number].layout.place(of: id) else { continue }
      if packs[number].isCounted[place] { return 0 }
      packs[number].isCounted[place] = true
      return packs[number].layout.bytes(at: place)
    }
    return 0
  }
}
