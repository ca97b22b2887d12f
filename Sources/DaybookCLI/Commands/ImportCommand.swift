import ArgumentParser
import Daybook
import Documents

struct ImportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Put many documents into a collection.",
    discussion: """
      The source is a folder, JSON Lines in a file, or - for standard input. From a folder each *.json below it is taken, \
      its text kept to the byte; its id is its path with '.' for '/', without .json. From JSON Lines each line is a \
      document, and its id is the member that --id-from names; without it the store makes ids, if the collection has such. \
      Documents are written in transactions of up to a thousand; those that were written stay when a later one fails.

        daybook import exported/ --into tasks --id-from /id
        daybook import tasks.jsonl --into tasks
        zcat data.jsonl.gz | daybook import - --into notes --id-from /name --skip-invalid
      """)

  @Argument(help: "A folder, a file of JSON Lines, or - for standard input.", completion: .file())
  var source: String

  @Option(help: "The collection.")
  var into: String

  @Option(help: ArgumentHelp("The member that holds the id.", valueName: "/member"))
  var idFrom: String?

  @Option(help: "How many documents a transaction takes.")
  var batch = Importer.largestBatch

  @Flag(help: "Leave out what is invalid and go on.")
  var skipInvalid = false

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !(1...Limits.transactionDocuments).contains(batch) {
      throw ValidationError("--batch must be 1 to \(Limits.transactionDocuments).")
    }
    if writing.dryRun { throw ValidationError("An import cannot be a dry run.") }
  }

  func run() async throws {
    let pointer = try idFrom.map(Input.pointer)
    let bar = ProgressBar("documents", isSilent: global.json)
    let importer = try await global.withStore(writing: writing) { store in
      defer { bar.finish() }
      let source = try open(source, for: try store.kinds.kind(of: into), pointer)
      var importer = Importer(
        store: store, collection: into, author: try writing.commitAuthor, message: writing.message,
        batchDocuments: batch,
        skipsInvalid: skipInvalid,
        bar: bar)
      try await importer.run(source)
      return importer
    }
    try tell(importer, bar.seconds)
    if !importer.failures.isEmpty { throw ExitCode.invalid }
  }

  private func open(_ source: String, for kind: Kind, _ idFrom: JSONPointer?) throws -> any ImportSource {
    if Folders.isFolder(source) { return try FolderSource(source, idFrom: idFrom) }
    guard idFrom != nil || kind.ids == .uuid7 else {
      throw StoreError(
        .usage, "Documents of '\(kind.collection)' need an id.", hint: "Name the member that holds it with --id-from.")
    }
    return LineSource(try Input.open(source), name: Input.title(source), idFrom: idFrom)
  }

  private func tell(_ importer: Importer, _ seconds: Double) throws {
    for failure in importer.failures.prefix(Importer.listedFailures) { global.note("error: \(failure.message)") }
    if importer.failures.count > Importer.listedFailures {
      global.note("… and \(importer.failures.count - Importer.listedFailures) more")
    }
    let rate = Int(Double(importer.written) / max(seconds, 0.001))
    if global.json {
      try Output.json([
        "collection": .string(into), "imported": .number(JSONNumber(importer.written)),
        "failed": .array(
          importer.failures.map { ["source": .string($0.source), "message": .string($0.message)] }),
        "documents_per_second": .number(JSONNumber(rate)),
      ])
    }
    global.note("\(importer.written.of("document")) imported, \(importer.failures.count) failed, \(rate) documents/s")
  }
}
