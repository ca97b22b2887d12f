package import Git
package import Storage

/// The packs of repositories in folders of this machine, ours or another's, as transfers read and add them.
///
/// What is added lies beside the packs under names that Git takes for work of its own, and clears away some time after a
/// crash. When both files are on the disk and proven they are renamed, the index last: by it Git knows the pack.
package struct LocalPackStorage: PackStorage {
  private let fileSystem: any FileSystem

  package init(fileSystem: any FileSystem = LocalFileSystem()) {
    self.fileSystem = fileSystem
  }

  // MARK: Reading

  /// The largest of them. What cannot be opened is not ours to complain of: whoever reads by libgit2 is told.
  package func packs(of objects: String, indexBytes: Int) throws -> [PackFile] {
    var found: [(folder: PackFolder, pack: PackFolder.Pack)] = []
    for objects in folders(of: objects) {
      let folder = PackFolder(fileSystem: fileSystem, path: "\(objects)/pack")
      guard let packs = try? folder.packs() else { continue }
      found += packs.map { (folder, $0) }
    }
    let all = found.reduce(0) { $0 + $1.pack.indexBytes }
    guard all <= min(indexBytes, Limits.transferIndexBytes) else { return [] }
    let largest = found.sorted { $0.pack.indexBytes > $1.pack.indexBytes }.prefix(Limits.transferPacks)
    return largest.compactMap { folder, pack in try? folder.file(pack.name) }
  }

  /// The folder itself, and those that it borrows from: `info/alternates` names them, from this folder on.
  private func folders(of objects: String) -> [String] {
    var folders = [objects]
    var next = 0
    while next < folders.count {
      let folder = folders[next]
      next += 1
      let list = try? fileSystem.read("\(folder)/info/alternates", limit: Limits.transferAlternatesBytes)
      for line in String(decoding: list ?? [], as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
        let other = line.hasPrefix("/") ? String(line) : "\(folder)/\(line)"
        if folders.count < Limits.transferObjectFolders, !folders.contains(other) { folders.append(other) }
      }
    }
    return folders
  }

  // MARK: Adding

  @discardableResult
  package func add(
    to objects: String, _ write: (_ sink: @escaping ([UInt8]) throws -> Void) throws -> Void,
    prove: (ByteSource) throws -> PackFile
  ) throws -> PackFile {
    let folder = "\(objects)/pack"
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    let (pack, index) = ("\(folder)/tmp_pack_\(number)", "\(folder)/tmp_idx_\(number)")
    do {
      let writer = try SequentialWriter(pack, fileSystem: fileSystem)
      try write { try writer.append($0) }
      try writer.finish()
      let file = try fileSystem.openToRead(pack)
      let proven = try prove(ByteSource(count: file.size()) { try file.read(at: $0, count: $1) })
      try fileSystem.create(index, bytes: proven.index.span, durable: true)
      try name(pack, index, "\(folder)/pack-\(proven.name)")
      return proven
    } catch {
      // The first error is the one worth telling.
      for file in [pack, index] { try? fileSystem.remove(file) }
      throw error
    }
  }

  private func name(_ pack: String, _ index: String, _ stem: String) throws(FileError) {
    for (file, suffix) in [(pack, ".pack"), (index, ".idx")] {
      try fileSystem.rename(file, to: stem + suffix)
      try fileSystem.syncDirectory(parentPath(of: stem))
    }
  }
}
