/// A pack and its index as they are to be written.
package struct ComposedPack: Sendable {
  /// What both files are called by: `pack-<name>.pack` and `.idx`.
  package let name: String
  package let pack: [UInt8]
  package let index: [UInt8]

  package init(name: String, pack: [UInt8], index: [UInt8]) {
    self.name = name
    self.pack = pack
    self.index = index
  }
}
