import Foundation

/// The files of one folder on their way to a Swift constant.
struct BundledList {
  let name: String
  let files: [(name: String, text: String)]

  /// Reads what an argument `LIST=FOLDER` names: everything but pages for the readers of the repository.
  init(argument: String) throws {
    let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard halves.count == 2 else { throw BundlingError("expected LIST=FOLDER, found '\(argument)'") }
    let folder = URL(filePath: halves[1], directoryHint: .isDirectory)
    name = halves[0]
    files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().compactMap { file in
      let url = folder.appending(path: file)
      let isFolder = try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true
      return isFolder || url.pathExtension == "md" ? nil : (file, try Self.text(of: url))
    }
  }

  /// The text of a file; only such text is taken as a literal can give back to the byte.
  private static func text(of file: URL) throws -> String {
    let bytes = try Data(contentsOf: file)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw BundlingError("\(file.path) is not UTF-8")
    }
    if let control = bytes.first(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F }) {
      throw BundlingError("\(file.path) has the control character \(control); only tabs and LF are taken")
    }
    return text
  }

  var swiftSource: String {
    let elements = files.map { file in
      "    BundledFile(name: \(Self.literal(file.name)), text: \(Self.literal(file.text))),\n"
    }
    return "  static let \(name): [BundledFile] = [\n\(elements.joined())  ]"
  }

  /// A raw literal with more number signs than the text has in a row, so that nothing in it can end or escape it.
  private static func literal(_ text: String) -> String {
    var longest = 0
    var current = 0
    for byte in text.utf8 {
      current = byte == UInt8(ascii: "#") ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "#", count: longest + 1)
    return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
  }
}

struct BundlingError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
