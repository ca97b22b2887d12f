import Daybook
import Documents

/// Writes documents in transactions of many.
///
/// A transaction is all or nothing, so one that is refused is halved until what is at fault stands alone: the rest goes
/// in, at a cost of a few transactions for each fault.
struct Importer {
  let store: Store
  let collection: String
  let author: Author
  let message: String?
  let batchDocuments: Int
  let skipsInvalid: Bool
  let bar: ProgressBar

  private(set) var written = 0
  private(set) var failures: [ImportFailure] = []
  private var total: Int?
  private var batch: [Incoming] = []
  private var batchBytes = 0

  static let largestBatch = 1_000
  static let listedFailures = 20
  private static let largestBatchBytes = 16 << 20

  init(
    store: Store, collection: String, author: Author, message: String?, batchDocuments: Int, skipsInvalid: Bool,
    bar: ProgressBar
  ) {
    self.store = store
    self.collection = collection
    self.author = author
    self.message = message
    self.batchDocuments = batchDocuments
    self.skipsInvalid = skipsInvalid
    self.bar = bar
  }

  /// Whether the first failure has ended it.
  private var isStopped: Bool { !skipsInvalid && !failures.isEmpty }

  /// - Throws: what is not about one document, such as a disk that is full.
  mutating func run(_ source: consuming some ImportSource) async throws {
    var source = source
    total = source.total
    while !isStopped, let next = try source.next() {
      switch next {
      case .failure(let failure): failures.append(failure)
      case .success(let document):
        if batchBytes + document.text.bytes.count > Self.largestBatchBytes { try await flush() }
        batch.append(document)
        batchBytes += document.text.bytes.count
        if batch.count == batchDocuments { try await flush() }
      }
    }
    try await flush()
  }

  private mutating func flush() async throws {
    guard !batch.isEmpty, !isStopped else { return }
    try await write(batch[...])
    batch.removeAll(keepingCapacity: true)
    batchBytes = 0
    bar.show(written + failures.count, of: total)
  }

  private mutating func write(_ documents: ArraySlice<Incoming>) async throws {
    do {
      try await store.transaction(author: author, message: subject(documents.count), origin: .command) { transaction in
        for document in documents { try add(document, to: &transaction) }
      }
      written += documents.count
    } catch let error as StoreError where Self.isAboutOneDocument(error.code) {
      guard documents.count > 1, skipsInvalid else { return fail(error, documents) }
      let middle = documents.startIndex + documents.count / 2
      try await write(documents[..<middle])
      try await write(documents[middle...])
    }
  }

  private func add(_ document: Incoming, to transaction: inout Transaction) throws(StoreError) {
    if let id = document.id {
      try transaction.put("\(collection)/\(id)", text: document.text)
    } else {
      _ = try transaction.create(in: collection, text: document.text)
    }
  }

  private mutating func fail(_ error: StoreError, _ documents: ArraySlice<Incoming>) {
    let culprit = documents.first { $0.id != nil && error.document == "\(collection)/\($0.id ?? "")" }
    let source = culprit?.source ?? (documents.count == 1 ? documents.first?.source : nil)
    failures.append(
      ImportFailure(source: source ?? "", message: source.map { "\($0): \(error.message)" } ?? error.message))
  }

  private func subject(_ count: Int) -> String {
    message ?? "\(collection): \(count.of("document")) imported"
  }

  private static func isAboutOneDocument(_ code: StoreError.Code) -> Bool {
    [.invalid, .refused, .limit, .notFound].contains(code)
  }
}
