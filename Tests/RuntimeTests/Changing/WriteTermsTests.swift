import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// What a caller says of the writes that rules make for it.
struct WriteTermsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let tasks: Tasks

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    tasks = Tasks(store)
  }

  @Test func aDryRunSaysWhatWouldChangeAndWritesNothing() async throws {
    let task = try await tasks.create(type: "digest", for: .owner)
    let before = store.snapshot().sequence
    var terms = WriteTerms()
    terms.isDryRun = true
    let plan = await #expect(throws: DryRun.self) {
      try await tasks.cancel(task.address.id.text, for: Caller.owner.writing(on: terms))
    }
    #expect(plan?.changes.map(\.name) == ["\(task.address)"])
    #expect(store.snapshot().sequence == before)
    try await tasks.complete(task.address.id.text, for: .owner)
    let refusal = await #expect(throws: StoreError.self) {
      try await tasks.cancel(task.address.id.text, for: Caller.owner.writing(on: terms))
    }
    #expect(refusal?.code == .conflict)
    try await store.close()
  }

  @Test func commitsKeepWhereTheyComeFromAndWhatIsSaidOfThem() async throws {
    var terms = WriteTerms()
    (terms.origin, terms.message, terms.record) = (.command, "not needed", WriteRecord())
    let caller = Caller.owner.writing(on: terms)
    let created = try await tasks.create(type: "digest", for: caller)
    let task = try await tasks.cancel(created.address.id.text, for: caller)
    let commits = try store.snapshot().commits(matching: CommitFilter(origin: .command), limit: 5)
    #expect(commits.map(\.subject) == ["not needed", "not needed"])
    #expect(terms.record?.receipts.map(\.sequence) == commits.reversed().map(\.sequence))
    #expect(terms.record?.receipts.last?.documents.map(\.revision) == [task.revision])
    _ = try await tasks.create(type: "digest", for: .owner)
    #expect(try store.snapshot().commits(limit: 1).first?.origin == .service)
    try await store.close()
  }
}
