import Foundation

/// A Swift file of this package.
struct SourceFile {
  /// Below the package, such as `Sources/Git/Repository.swift`.
  let path: String
  let text: String
  let code: SwiftCode

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = SwiftCode(text)
  }

  /// The target that compiles it: the folder below `Sources` or `Tests`.
  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  func isBelow(_ folder: String) -> Bool { path == folder || path.hasPrefix(folder + "/") }
}

/// The files of the repository that these tests belong to.
enum Checkout {
  static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The paths of the files below a folder, hidden ones too.
  static func files(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).sorted()
      .map { "\(folder)/\($0)" }
      .filter { try root.appending(path: $0).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
  }

  static func swiftFiles(below folder: String) throws -> [SourceFile] {
    try files(below: folder).filter { $0.hasSuffix(".swift") }.map { SourceFile(path: $0, text: try text($0)) }
  }
}
