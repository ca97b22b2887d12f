import Daybook
import Documents

/// Lets a person edit a document in an editor, until it is valid or given up.
struct DocumentEditor {
  let address: String
  let writing: WriteOptions
  let global: GlobalOptions

  func run() async throws {
    let (original, revision) = try await global.withStore { store in
      let snapshot = store.snapshot()
      let document = try snapshot.existing(address)
      return (try snapshot.masked(document).bytes, document.revision)
    }
    let file = try TemporaryFile(containing: original)
    while true {
      try edit(file)
      let bytes = try Input.bytes(file.path)
      if bytes == original {
        global.note("nothing changed")
        break
      }
      do {
        try await save(bytes, revision, file)
        break
      } catch let error as StoreError {
        guard error.code == .invalid, Terminal.canAsk else { throw kept(error, file) }
        Failure(error).tell(asJSON: global.json)
        guard Terminal.confirms("Edit again?") else { throw kept(error, file) }
      }
    }
    try file.remove()
  }

  private func edit(_ file: TemporaryFile) throws {
    let environment = Process.environment
    let editor = [environment["VISUAL"], environment["EDITOR"]].compactMap(\.self).first { !$0.isEmpty } ?? "vi"
    let status = try Process.runShell(editor, argument: file.path)
    guard status == 0 else {
      throw kept(StoreError(.refused, "The editor '\(editor)' ended with status \(status); nothing was saved."), file)
    }
  }

  private func save(_ bytes: [UInt8], _ revision: Revision, _ file: TemporaryFile) async throws {
    let text = try Input.text(bytes, from: file.path)
    try await global.withStore(writing: writing) { store in
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        try transaction.put(address, text: text, if: .revision(revision))
      }
    }
  }

  private func kept(_ error: StoreError, _ file: TemporaryFile) -> StoreError {
    var error = error
    let place = "Your text is in \(file.path)."
    error.hint = error.hint.map { "\($0) \(place)" } ?? place
    return error
  }
}

/// The file that an editor works on; only its owner may read it.
private struct TemporaryFile {
  let path: String

  init(containing bytes: [UInt8]) throws {
    let folder = Process.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    path = "\(folder)/daybook-\(name).json"
    try Descriptor(writing: path, .temporary).write(bytes)
  }

  func remove() throws {
    try Folders.remove(path)
  }
}
