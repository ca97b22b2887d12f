import Documents
import Storage

/// Reads the kinds from `schemas/`. The files are the truth; what the newest commit holds is the last good state, served
/// while a file is broken.
struct KindLoader {
  let root: String
  let fileSystem: any FileSystem

  /// A schema file that is not what the store works with.
  struct Problem: Sendable {
    var file: String
    var error: StoreError
  }

  struct Loaded {
    var kinds: Kinds
    /// Schema files whose content is valid and not committed yet.
    var changed: [(path: String, bytes: [UInt8])]
    var problems: [Problem]
  }

  /// Loads each file of the folder; where one is broken, its committed content.
  func load(committed: [String: [UInt8]]) throws(StoreError) -> Loaded {
    var kinds: [Kind] = []
    var changed: [(path: String, bytes: [UInt8])] = []
    var problems: [Problem] = []
    for (file, bytes) in try files() {
      let path = "\(StoreLayout.schemas)/\(file)"
      do throws(StoreError) {
        kinds.append(try Kind(parsing: bytes, fileName: file))
        if committed[path] != bytes { changed.append((path, bytes)) }
      } catch {
        problems.append(Problem(file: path, error: error))
        if let good = committed[path] { kinds.append(try Kind(parsing: good, fileName: file)) }
      }
    }
    for (path, bytes) in committed where !kinds.contains(where: { StoreLayout.schemaPath($0.name) == path }) {
      guard !problems.contains(where: { $0.file == path }) else { continue }
      let file = String(path.dropFirst(StoreLayout.schemas.count + 1))
      kinds.append(try Kind(parsing: bytes, fileName: file))
      problems.append(
        Problem(
          file: path,
          error: StoreError(
            .conflict, "\(path) was deleted by hand; its documents keep their kind.",
            hint: "Bring it back with `git checkout -- \(path)`.", document: path)))
    }
    return Loaded(kinds: try Kinds(kinds), changed: changed, problems: problems)
  }

  private func files() throws(StoreError) -> [(name: String, bytes: [UInt8])] {
    do {
      guard try fileSystem.exists("\(root)/\(StoreLayout.schemas)") else { return [] }
      var files: [(name: String, bytes: [UInt8])] = []
      for name in try fileSystem.list("\(root)/\(StoreLayout.schemas)") where name.hasSuffix(StoreLayout.schemaSuffix) {
        files.append((name, try fileSystem.read("\(root)/\(StoreLayout.schemas)/\(name)")))
      }
      return files
    } catch {
      throw StoreError(.unavailable, "The schemas could not be read.", cause: error)
    }
  }
}
