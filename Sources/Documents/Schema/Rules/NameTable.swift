/// Values by name, looked up with the bytes of a text, so that no string is made. Names are equal when their bytes are.
///
/// An open hash table, at most half full, that does not change once it is built.
struct NameTable<Value: Sendable>: Sendable {
  private struct Slot: Sendable {
    var name: [UInt8]
    var value: Value
  }

  private var slots: [Slot?]
  private let mask: Int
  let count: Int

  /// Of several values with one name the first counts.
  init(_ pairs: some Collection<(name: String, value: Value)>) {
    var size = 1
    while size < pairs.count * 2 { size *= 2 }
    slots = Array(repeating: nil, count: size)
    mask = size - 1
    count = pairs.count
    for (name, value) in pairs {
      let bytes = Array(name.utf8)
      let index = place(of: bytes[...])
      if slots[index] == nil { slots[index] = Slot(name: bytes, value: value) }
    }
  }

  var isEmpty: Bool { count == 0 }

  subscript(name: ArraySlice<UInt8>) -> Value? {
    count == 0 ? nil : slots[place(of: name)]?.value
  }

  /// Where the name is, or else would be.
  private func place(of name: ArraySlice<UInt8>) -> Int {
    var index = Self.hash(name) & mask
    while let slot = slots[index], slot.name.count != name.count || !slot.name.elementsEqual(name) {
      index = (index + 1) & mask
    }
    return index
  }

  /// FNV-1a. The names are the schema's own, so a document cannot make them collide.
  private static func hash(_ name: ArraySlice<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}
