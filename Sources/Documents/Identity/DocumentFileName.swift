// The file name of an id.
//
// a-z 0-9 . _ - stand for themselves; every other byte of the UTF-8 text is written %xx in lower-case hexadecimal.
// Escaped as well, although harmless elsewhere, are
//
//   - a dot at the beginning (hidden files, `.git`) and at the end (Windows drops it),
//   - the dot of a final `.json`, so that a folder `a.json` cannot be taken for the file of the document `a`,
//   - the first letter of a device name of Windows (`con`, `nul.txt`, `com1`), which no program there can open.
//
// So a name has only lower-case ASCII: names that differ still do where case and Unicode forms are ignored. An id has
// exactly one name, and `unescaped` is the inverse; whoever reads a name must check that it is that one.

enum DocumentFileName {
  /// The longest name, in bytes. File systems allow 255; the rest is for `.json` and names of temporary files.
  static let maximumBytes = 200

  static func escaped(_ id: String) -> String {
    let bytes = Array(id.utf8)
    let forced = placesToEscape(in: bytes)
    if forced.isEmpty, bytes.allSatisfy(isSafe) { return id }
    var name: [UInt8] = []
    name.reserveCapacity(bytes.count)
    for (place, byte) in bytes.enumerated() {
      if isSafe(byte), !forced.contains(place) {
        name.append(byte)
      } else {
        name += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 0xF)]
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// The id that a name stands for, or nil if an escape or the UTF-8 in it is broken.
  static func unescaped(_ name: String) -> String? {
    var id: [UInt8] = []
    var rest = name.utf8.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        id.append(byte)
        continue
      }
      guard let high = rest.next().flatMap(hexadecimalDigit), let low = rest.next().flatMap(hexadecimalDigit) else {
        return nil
      }
      id.append(high << 4 | low)
    }
    return String(validating: id, as: UTF8.self)
  }

  private static func placesToEscape(in bytes: [UInt8]) -> Set<Int> {
    let dot = UInt8(ascii: ".")
    let suffix = Array(".json".utf8)
    var places: Set<Int> = []
    if bytes.first == dot || isDeviceName(bytes.prefix { $0 != dot }) { places.insert(0) }
    if bytes.last == dot { places.insert(bytes.count - 1) }
    if bytes.suffix(suffix.count).elementsEqual(suffix) { places.insert(bytes.count - suffix.count) }
    return places
  }

  /// Windows takes these for devices, whatever extension follows. Names in capitals are escaped anyway.
  static func isDeviceName(_ stem: some Collection<UInt8>) -> Bool {
    switch String(decoding: stem, as: UTF8.self) {
    case "con", "prn", "aux", "nul": true
    case let name where name.hasPrefix("com") || name.hasPrefix("lpt"):
      stem.count == 4 && name.last?.isWholeNumber == true
    default: false
    }
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
