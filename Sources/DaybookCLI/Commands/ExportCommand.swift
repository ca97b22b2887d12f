import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ExportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Copy documents out of the store.",
    discussion: """
      Into a folder, each document to its own file, to the byte; a series as JSON Lines beside it. Or everything as JSON \
      Lines on standard output, as `daybook get --json` prints a document. Secrets stay sealed unless --reveal opens them.

        daybook export --to backup
        daybook export profiles/llm --jsonl > profiles.jsonl
      """)

  @Argument(help: "The collection; by default all.")
  var collection: String?

  @Option(help: "The folder to write into.", completion: .directory)
  var to: String?

  @Flag(help: "Print JSON Lines.")
  var jsonl = false

  @Flag(help: "Open the secrets.")
  var reveal = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if (to == nil) == !jsonl { throw ValidationError("Give either --to DIR or --jsonl.") }
  }

  func run() async throws {
    let bar = ProgressBar("documents", isSilent: global.json || jsonl)
    let count = try await global.withStore { store in
      defer { bar.finish() }
      let snapshot = store.snapshot()
      let kinds = if let collection { [try snapshot.kinds.kind(of: collection)] } else { snapshot.kinds.all }
      let total = try kinds.reduce(0) { try $0 + snapshot.count(of: $1.collection.text) }
      var done = 0
      for kind in kinds {
        var scan = snapshot.documents(of: kind)
        while let document = try scan.next() {
          try export(document, kind, snapshot)
          done += 1
          bar.show(done, of: total)
        }
      }
      return done
    }
    global.note("\(count.of("document")) exported")
  }

  private func export(_ document: Document, _ kind: Kind, _ snapshot: Snapshot) throws {
    let text = reveal ? try snapshot.revealed(document) : document.text
    guard let to else { return try Output.json(document.json(text)) }
    let folder = "\(to)/\(kind.collection)"
    let name = document.address.id.fileName
    try Folders.make(folder)
    try Descriptor(writing: "\(folder)/\(name).json", reveal ? .readableByOwner : .readable).write(text.bytes)
    for series in kind.series {
      let items = try snapshot.series(series.name, of: "\(document.address)")
      guard !items.isEmpty else { continue }
      try Folders.make("\(folder)/\(name)")
      let lines = items.map { $0.compactText + "\n" }.joined()
      try Descriptor(writing: "\(folder)/\(name)/\(series.name).jsonl", .readable).write(lines.utf8)
    }
  }
}
