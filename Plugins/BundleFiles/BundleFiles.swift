import Foundation
import PackagePlugin

/// Compiles the shipped schemas and the store template into the target as `BundledFiles`.
///
/// A binary that carries them works from wherever it is copied to; resources beside the binary do not.
///
/// SwiftPM asks a plugin again only when `Package.swift` or a folder of sources changes. Edited and new files are noticed
/// all the same; after deleting or renaming one, `touch Package.swift`.
@main
struct BundleFiles: BuildToolPlugin {
  /// The lists in `BundledFiles`, and the folder of the package that each is made from.
  private static let folders = [(list: "schemas", path: "Schemas"), (list: "template", path: "store-template")]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let output = context.pluginWorkDirectoryURL.appending(path: "BundledFiles.swift")
    var arguments = [output.path]
    var inputs: [URL] = []
    for folder in Self.folders {
      let root = context.package.directoryURL.appending(path: folder.path).resolvingSymlinksInPath()
      arguments.append("\(folder.list)=\(root.path)")
      inputs += try contents(of: root)
    }
    return [
      .buildCommand(
        displayName: "Bundling schemas and the store template",
        executable: try context.tool(named: "FileBundler").url,
        arguments: arguments, inputFiles: inputs, outputFiles: [output])
    ]
  }

  /// The files, so that an edit counts, and the folders, so that a new file does.
  private func contents(of root: URL) throws -> [URL] {
    try [root] + FileManager.default.subpathsOfDirectory(atPath: root.path).sorted().map { root.appending(path: $0) }
  }
}
