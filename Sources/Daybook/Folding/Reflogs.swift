import Git
import Storage

/// Git's reflogs: what each ref held, one line a move. Git takes it for damage when one names a commit that is gone.
///
/// ```
/// <hex before> <hex after> <who> <when>\t<why>
/// ```
struct Reflogs {
  static let stash = "logs/refs/stash"

  let root: String
  let fileSystem: any FileSystem

  /// Takes the lines away that name an object which is not kept.
  func keep(_ isKept: (ObjectID) -> Bool) throws {
    var folders = ["\(root)/\(StoreLayout.git)/logs"]
    while let folder = folders.popLast() {
      guard try fileSystem.exists(folder) else { continue }
      for (name, status) in try fileSystem.contents(of: folder) {
        if status.kind == .directory {
          folders.append("\(folder)/\(name)")
        } else {
          try keep(isKept, in: "\(folder)/\(name)")
        }
      }
    }
  }

  private func keep(_ isKept: (ObjectID) -> Bool, in file: String) throws {
    let lines = try fileSystem.read(file).split(separator: UInt8(ascii: "\n"))
    let kept = lines.filter { line in
      let ids = line.split(separator: UInt8(ascii: " "), maxSplits: 2).prefix(2).compactMap {
        ObjectID(hex: String(decoding: $0, as: UTF8.self))
      }
      return ids.allSatisfy { $0 == .zero || isKept($0) }
    }
    guard kept.count < lines.count else { return }
    let text = Array(kept.map { $0 + [UInt8(ascii: "\n")] }.joined())
    try fileSystem.atomicallyReplace(file, with: text.span, durable: true)
  }
}
