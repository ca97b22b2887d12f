import Git
import Testing

@testable import Daybook

@Suite struct TransferMessageTests {
  private static func id(_ digit: Character) -> ObjectID { ObjectID(hex: String(repeating: digit, count: 40)) ?? .zero }

  static let requests: [TransferRequest] = {
    let works: [TransferRequest.Work] = [
      .look, .fetch(.init(folder: "/s/\"t", branch: "refs/heads/main", followed: id("1"), known: [id("1"), id("2")])),
      .fetch(.init(folder: "/s", branch: "refs/heads/main", followed: nil, known: [], depth: 7)),
      .push(.init(folder: "/s", branch: "refs/heads/main", commit: id("3"), expected: nil)),
      .push(.init(folder: "/s", branch: "refs/heads/main", commit: id("3"), expected: nil, mark: "refs/x")),
      .mark(.init(folder: "/s", branch: "refs/heads/main", name: "refs/x", commit: id("5"))),
      .mark(.init(folder: "/s", branch: "refs/heads/main", name: "refs/x", commit: nil)),
    ]
    let credentials: [Credential?] = [
      nil, .password(user: "ann", password: "a\n\"ö"), .agent(user: nil),
      .key(user: "git", file: "/k", passphrase: "p"), nil, nil, nil,
    ]
    let address = try? RemoteAddress(parsing: "https://host/a")
    return address.map { address in
      zip(works, credentials).map {
        TransferRequest($0, at: address, credential: $1, trust: RemoteTrust(authorities: "/ca", knownHosts: nil))
      }
    } ?? []
  }()

  @Test(arguments: requests) func aRequestComesOutOfItsLine(_ request: TransferRequest) {
    let line = request.line
    #expect(line.firstIndex(of: UInt8(ascii: "\n")) == line.count - 1)
    #expect(TransferRequest(line: line) == request)
  }

  @Test(arguments: [
    TransferAnswer.seen(.init(references: [Reference("refs/heads/main", id("1"))], head: "refs/heads/main")),
    .seen(.init(references: [], head: nil)), .fetched(.init(tip: id("4"), commits: 1, objects: 2, bytes: 3)),
    .fetched(.init(tip: id("4"), machines: ["a-1": id("5"), "b": id("6")])), .fetched(.init()), .pushed(.accepted),
    .pushed(.lostRace), .pushed(.refused("no \"way\"")),
  ])
  func anAnswerComesOutOfItsLine(_ answer: TransferAnswer) throws {
    guard case .answer(let read) = try #require(TransferMessage(line: TransferMessage.answer(answer).line)) else {
      Issue.record("it is no answer any more")
      return
    }
    #expect(read == answer)
  }

  @Test func progressAndFailuresComeOutOfTheirLines() throws {
    let progress = TransferProgress(.receiving, done: 3, total: nil, bytes: 9)
    guard case .progress(progress)? = TransferMessage(line: TransferMessage.progress(progress).line) else {
      Issue.record("it is no progress any more")
      return
    }
    let error = StoreError(.remote, "No.", hint: "Try again.", cause: GitError(.failed, "fetch", "gone"))
    guard case .failure(let read)? = TransferMessage(line: TransferMessage.failure(error).line) else {
      Issue.record("it is no failure any more")
      return
    }
    #expect(read.code == .remote && read.message == "No. (fetch: gone)" && read.hint == "Try again.")
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{\"progress\":\"flying\",\"done\":1,\"bytes\":1}", "{\"progress\":\"receiving\"}",
    "{\"error\":\"remote\"}", "{\"error\":\"unheard-of\",\"message\":\"x\"}", "{\"pushed\":\"perhaps\"}",
    "{\"fetched\":{}}", "{\"fetched\":{\"commits\":1,\"objects\":1,\"bytes\":1,\"machines\":{\"../a\":\"b\"}}}",
    "{\"seen\":{\"references\":{\"a\":\"b\"}}}",
  ])
  func whatIsNoMessageIsNotBelieved(_ line: String) {
    #expect(TransferMessage(line: Array(line.utf8)) == nil)
  }

  @Test(arguments: ["", "{}", "{\"address\":\"ext::sh\"}", "{\"address\":\"https://h/s\",\"push\":{}}"])
  func whatIsNoRequestIsNotCarriedOut(_ line: String) {
    #expect(TransferRequest(line: Array(line.utf8)) == nil)
  }

  @Test func whatStandsStillIsNotTold() {
    var pace = TransferPace()
    let start = ContinuousClock.now
    let progress = TransferProgress(.receiving, done: 1, total: 2, bytes: 10)
    let further = TransferProgress(.receiving, done: 2, total: 2, bytes: 20)
    let first = pace.tells(progress, at: start)
    let same = pace.tells(progress, at: start + .seconds(1))
    let soon = pace.tells(further, at: start + .milliseconds(1))
    let later = pace.tells(further, at: start + .seconds(1))
    let nextStep = pace.tells(TransferProgress(.inspecting, done: 1), at: start + .milliseconds(1_001))
    #expect([first, same, soon, later, nextStep] == [true, false, false, true, true])
  }
}
