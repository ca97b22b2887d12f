extension BTreePage {
  /// Inserts a key that is not in the page at its place. When the page becomes too full, its upper part is cut off and
  /// returned.
  mutating func insert(_ key: Span<UInt8>, _ value: Span<UInt8>, at index: Int) -> BTreePage? {
    if isEmpty { bytes = [UInt8](key); prefixLength = key.count; garbage = 0 }
    let shared = key.extracting(first: min(prefixLength, key.count))
      .sharedPrefixCount(with: bytes.span.extracting(first: prefixLength))
    if shared < prefixLength {
      // Only a key before the first or after the last one can lack the prefix. If all others grew too much by giving up
      // a part of theirs, it goes to a page of its own instead.
      if usedBytes + (prefixLength - shared) * count > Self.byteLimit { return isolate(key, value, at: index) }
      rebuild(prefixLength: shared)
    }
    let suffix = key.extracting(droppingFirst: prefixLength)
    reserve(suffix.count + value.count)
    slots.insert(appended(suffix, value), at: index)
    return isOverfull ? split(inserted: index) : nil
  }

  /// Replaces the value of a key; returns the upper part of the page if that is now too full.
  mutating func replaceValue(at index: Int, with value: Span<UInt8>) -> BTreePage? {
    let slot = slots[index]
    if value.count == Int(slot.valueLength) {
      bytes.overwrite(from: slot.value.lowerBound, with: value)
      return nil
    }
    let suffix = [UInt8](bytes.span.extracting(slot.suffix))
    garbage += slot.bytes.count
    slots[index].suffixLength = 0
    slots[index].valueLength = 0
    reserve(suffix.count + value.count)
    slots[index] = appended(suffix.span, value)
    return isOverfull ? split(inserted: index) : nil
  }

  mutating func remove(at index: Int) {
    garbage += slots.remove(at: index).bytes.count
  }

  /// One page with the keys of two neighbours, and for inner pages their separator in between; nil if that is too much.
  static func merged(_ left: BTreePage, separator: [UInt8]?, _ right: BTreePage) -> BTreePage? {
    if left.usedBytes + right.usedBytes > byteLimit || left.count + right.count > countLimit { return nil }
    let first = left.isEmpty ? separator ?? right.key(at: 0) : left.key(at: 0)
    let last = right.isEmpty ? separator ?? left.key(at: left.count - 1) : right.key(at: right.count - 1)
    var page = BTreePage()
    page.startEmpty(
      prefix: first.span.extracting(first: first.span.sharedPrefixCount(with: last.span)), room: byteLimit)
    page.appendAll(of: left)
    if let separator { page.append(separator.span, Span()) }
    page.appendAll(of: right)
    return page.isOverfull ? nil : page
  }

  // MARK: Splitting

  /// Cuts the page in two after a key was inserted at `index`. When that was the last place, only the new key moves, for
  /// keys that come in ascending order would otherwise leave half-empty pages behind.
  mutating func split(inserted index: Int) -> BTreePage {
    let cut = index == count - 1 ? index : middle
    let right = part(cut..<count)
    self = part(0..<cut)
    return right
  }

  /// The place where both halves take nearly the same room, with at least one key on either side.
  private var middle: Int {
    var room = usedBytes / 2
    for index in 0..<count {
      room -= slots[index].bytes.count + MemoryLayout<Slot>.stride
      if room < 0 { return min(max(1, index), count - 1) }
    }
    return count - 1
  }

  /// Puts a key into a page of its own, before or behind all others; returns the upper one of the two.
  private mutating func isolate(_ key: Span<UInt8>, _ value: Span<UInt8>, at index: Int) -> BTreePage {
    var single = BTreePage()
    _ = single.insert(key, value, at: 0)
    if index > 0 { return single }
    swap(&self, &single)
    return single
  }

  /// A page with some of the keys and the longest prefix that they have in common.
  private func part(_ range: Range<Int>) -> BTreePage {
    let first = bytes.span.extracting(slots[range.lowerBound].suffix)
    let last = bytes.span.extracting(slots[range.upperBound - 1].suffix)
    let longer = first.sharedPrefixCount(with: last)
    let room = slots[range].reduce(prefixLength + longer) { $0 + $1.bytes.count - longer }
    var page = BTreePage()
    page.startEmpty(prefix: bytes.span.extracting(first: prefixLength), first.extracting(first: longer), room: room)
    page.appendAll(of: self, range)
    return page
  }

  /// Lays out all keys anew, without garbage and with a prefix that is at most as long as before.
  mutating func rebuild(prefixLength shorter: Int) {
    var page = BTreePage()
    page.startEmpty(prefix: bytes.span.extracting(first: shorter), room: bytes.count)
    page.appendAll(of: self)
    self = page
  }

  // MARK: Layout

  private mutating func startEmpty(prefix: Span<UInt8>, _ more: Span<UInt8> = Span(), room: Int) {
    bytes.reserveCapacity(room)
    bytes.append(prefix)
    bytes.append(more)
    prefixLength = bytes.count
  }

  private mutating func appendAll(of page: BTreePage) {
    appendAll(of: page, 0..<page.count)
  }

  private mutating func appendAll(of page: BTreePage, _ range: Range<Int>) {
    slots.reserveCapacity(slots.count + range.count)
    for index in range {
      let slot = page.slots[index]
      if page.prefixLength <= prefixLength {
        let suffix = page.bytes.span.extracting(slot.suffix).extracting(droppingFirst: prefixLength - page.prefixLength)
        slots.append(appended(suffix, page.bytes.span.extracting(slot.value)))
      } else {
        append(page.key(at: index).span, page.bytes.span.extracting(slot.value))
      }
    }
  }

  /// Appends a key that is greater than all others and begins with the prefix.
  private mutating func append(_ key: Span<UInt8>, _ value: Span<UInt8>) {
    slots.append(appended(key.extracting(droppingFirst: prefixLength), value))
  }

  /// Puts suffix and value behind the other bytes; returns the slot for them.
  private mutating func appended(_ suffix: Span<UInt8>, _ value: Span<UInt8>) -> Slot {
    let offset = bytes.count
    bytes.append(suffix)
    bytes.append(value)
    precondition(bytes.count <= UInt16.max, "A page never outgrows its offsets.")
    return Slot(
      head: Self.head(of: suffix), offset: UInt16(offset), suffixLength: UInt16(suffix.count),
      valueLength: UInt16(value.count))
  }

  /// Makes room for one more key in small steps: doubling, as arrays do, would waste a third of all memory.
  private mutating func reserve(_ more: Int) {
    if garbage > 0, bytes.count + more > min(bytes.capacity, Self.byteLimit) { rebuild(prefixLength: prefixLength) }
    if bytes.count + more > bytes.capacity { bytes.reserveCapacity((bytes.count + more + 383) & ~127) }
    if slots.count == slots.capacity { slots.reserveCapacity(slots.count + 6) }
  }
}
