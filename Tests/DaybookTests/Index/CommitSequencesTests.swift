import Git
import Testing

@testable import Daybook

@Suite struct CommitSequencesTests {
  @Test func aCommitCountsOneMoreThanTheLargestOfItsParents() throws {
    let store = try MergedStore()
    let first = try store.begin()
    let short = try store.commit(["a": "1"], after: [first], at: 1)
    var long = first
    for number in 1...40 { long = try store.commit(["b": "\(number)"], after: [long], at: 2) }
    let merge = try store.commit(["c": "1"], after: [short, long], at: 3)
    let next = try store.commit(["d": "1"], after: [merge], at: 4)
    var sequences = CommitSequences(objects: store.objects)
    let found = try [first, short, long, merge, next].map { try sequences.sequence(of: store.objects.commit($0)) }
    #expect(found == [1, 2, 41, 42, 43])
  }

  @Test(arguments: ["7", "18446744073709551615", "9007199254740993", "-1", "x"])
  func aCommitSaysASequenceOnlyWithinBounds(text: String) throws {
    let daybook = Signature(name: CommitBuilder.committerName, email: CommitBuilder.committerEmail, seconds: 1)
    let person = Signature(name: "Person", email: "person@example.org", seconds: 1)
    let message = "change\n\n\(CommitMessage.sequenceKey): \(text)\n"
    func commit(_ committer: Signature) -> Commit {
      Commit(tree: .zero, parents: [], author: person, committer: committer, message: message)
    }
    #expect(CommitSequences.said(by: commit(daybook)) == (text == "7" ? 7 : nil))
    #expect(CommitSequences.said(by: commit(person)) == nil)
  }
}
