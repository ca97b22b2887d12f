import Documents
import Foundation
import TestSupport
import Testing

/// The official test suite of JSON Schema, as the Python package `jsonschema` carries it, fetched once into
/// `.build-testdata` under the package.
struct SchemaSuite {
  let folder: URL

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static let shared: Result<SchemaSuite, any Error> = Result { try SchemaSuite() }

  private static let version = "4.26.0"

  private init() throws {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let cache = package.appending(path: ".build-testdata")
    folder = cache.appending(path: "jsonschema-\(Self.version)/json")
    guard !FileManager.default.fileExists(atPath: folder.path()) else { return }
    let download = cache.appending(path: "download-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: download, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: download) }
    let name = "jsonschema-\(Self.version)"
    try Self.run(
      "pip", "download", "--quiet", "--no-deps", "--no-binary", "jsonschema", "--dest", download.path(),
      "jsonschema==\(Self.version)")
    try Self.run("tar", "xzf", download.appending(path: "\(name).tar.gz").path(), "-C", download.path())
    do {
      try FileManager.default.moveItem(at: download.appending(path: name), to: cache.appending(path: name))
    } catch  where FileManager.default.fileExists(atPath: folder.path()) {
      // Another test run was quicker.
    }
  }

  private static func run(_ arguments: String...) throws {
    try Command.run("/usr/bin/env", arguments)
  }

  /// The groups of one file of draft 2020-12, such as `optional/format/uri`.
  func groups(_ name: String) throws -> [Group] {
    let file = folder.appending(path: "tests/draft2020-12/\(name).json")
    let text = try JSONText(parsing: [UInt8](Data(contentsOf: file)), limits: JSONLimits(maximumDepth: 128))
    return text.root.elements.map { Group(file: name, node: $0) }
  }

  /// The names of the files of required tests.
  func requiredFiles() throws -> [String] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "tests/draft2020-12").path())
    return names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) }.sorted()
  }

  /// What the suite's server would answer at `http://localhost:1234/`.
  var remotes: Remotes { Remotes(folder: folder.appending(path: "remotes")) }

  struct Remotes: SchemaResources {
    let folder: URL

    func text(at uri: String) -> JSONText? {
      let server = "http://localhost:1234/"
      guard uri.hasPrefix(server) else { return nil }
      let file = folder.appending(path: String(uri.dropFirst(server.count)))
      return (try? Data(contentsOf: file)).flatMap { try? JSONText(parsing: [UInt8]($0)) }
    }
  }

  struct Group {
    let file: String
    let node: JSONNode

    var description: String { "\(file): \(node["description"]?.string ?? "")" }

    /// Runs the tests and lists those whose outcome is not the expected one.
    func failures(_ remotes: Remotes, formats: FormatPolicy) -> (tests: Int, failures: [String]) {
      guard let source = node["schema"], let tests = node["tests"] else { return (0, ["\(description): no tests"]) }
      do {
        let text = JSONText(formatting: source.value)
        let schema = try Schema(compiling: text, resources: remotes, formats: formats)
        let failed = tests.elements.filter { test in
          guard let data = test["data"], let isValid = test["valid"]?.bool else { return true }
          return schema.validate(data).isEmpty != isValid
        }
        return (tests.count, failed.map { "\(description): \($0["description"]?.string ?? "")" })
      } catch {
        return (tests.count, ["\(description): \(error)"])
      }
    }
  }
}
