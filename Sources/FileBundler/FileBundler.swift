import Foundation

/// Writes a Swift file that holds the text of other files, for the plugin `BundleFiles`.
///
///     FileBundler OUTPUT LIST=FOLDER...
///
/// Each LIST becomes a constant of `BundledFiles` with the files of its folder.
@main
struct FileBundler {
  static func main() {
    do {
      try bundle(CommandLine.arguments.dropFirst())
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func bundle(_ arguments: ArraySlice<String>) throws {
    guard let output = arguments.first else { throw BundlingError("usage: FileBundler OUTPUT LIST=FOLDER...") }
    let lists = try arguments.dropFirst().map(BundledList.init)
    try Data(swiftSource(of: lists).utf8).write(to: URL(filePath: output))
  }

  private static func swiftSource(of lists: [BundledList]) -> String {
    """
    /// A file of this repository that is compiled into the library.
    struct BundledFile: Sendable {
      /// Its path in its folder, with `/` between.
      let name: String
      let text: StaticString

      var bytes: [UInt8] { Array(text.description.utf8) }
    }

    /// What `daybook init` writes; made from the files of the repository by the plugin `BundleFiles`.
    enum BundledFiles {
    \(lists.map(\.swiftSource).joined(separator: "\n\n"))
    }

    """
  }
}
