extension PackFile {
  /// Makes the index of a pack that has none, and proves the pack on the way: see `PackScan`.
  ///
  /// - Parameter absent: What may be referred to without being there: the parents of commits at a horizon.
  package init(proving source: ByteSource, lacking absent: Set<ObjectID>) throws {
    var stream = HashedStream(source)
    self = try PackScan.scan(&stream, of: source, lacking: absent) { _, _ in }
  }

  /// What the index of a pack takes, while the pack has less than 2 GB.
  package static func indexBytes(objects: Int) -> Int { PackIndex.fixedBytes + objects * PackIndex.rowBytes }
}
