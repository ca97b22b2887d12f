import Documents
import Git

/// Refuses what a newer program has made of the store before any of it counts: a format of `daybook.json` that this one
/// does not know, or a migration with steps that it does not understand.
enum NewerForm {
  /// - Throws: `.newerFormat`. A manifest or a migration that is merely broken is told of at its own place.
  static func refuse(at commit: ObjectID, _ objects: ObjectReader) throws(StoreError) {
    let state: MigrationState
    do {
      state = try MigrationState(at: commit, objects)
    } catch  where error.code == .damaged {
      return
    }
    do {
      _ = try Manifest(parsing: state.manifest.bytes)
    } catch  where error.code == .newerFormat {
      throw error
    } catch {
      return
    }
    for (name, bytes) in state.files.sorted(by: { $0.key < $1.key }) where isApplied(name, bytes, state) {
      do {
        _ = try Migration(parsing: bytes, fileName: name)
      } catch {
        throw StoreError(
          .newerFormat,
          "The commit \(commit.short) was brought to a newer form by \(StoreLayout.migrations)/\(name), which this version "
            + "of Daybook does not understand.",
          hint: "Use the version that wrote it, or a newer one. Nothing was changed.", cause: error)
      }
    }
  }

  /// Whether the documents of the commit are of the version that a migration leads to, or of a later one.
  private static func isApplied(_ name: String, _ bytes: [UInt8], _ state: MigrationState) -> Bool {
    guard let number = Int(name.prefix(4)), let kind = try? JSONText(parsing: bytes).root["kind"]?.string else {
      return false
    }
    return number <= state.version(of: kind)
  }
}
