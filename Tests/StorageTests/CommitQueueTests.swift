import Storage
import TestSupport
import Testing

@Suite struct CommitQueueTests {
  private func queue(
    waitingRequests: Int = 4, waitingBytes: Int = 100, groupRequests: Int = 3, groupBytes: Int = 50
  ) -> CommitQueue<Int> {
    var configuration = CommitQueue<Int>.Configuration()
    configuration.waitingRequests = waitingRequests
    configuration.waitingBytes = waitingBytes
    configuration.groupRequests = groupRequests
    configuration.groupBytes = groupBytes
    return CommitQueue(configuration: configuration)
  }

  @Test func givesTheTurnToACallerThatComesAlone() {
    var queue = queue()
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(1, bytes: 1).text, "lead")
    expectEqual(queue.endTurn(), false)
    expectEqual(queue.enqueue(2, bytes: 1).text, "lead")
    #expect(queue.waitingCount == 0)
  }

  @Test func givesTheTurnToTheThreadForACallerThatMayNotLead() {
    var queue = queue()
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(1, bytes: 1, mayLead: false).text, "wake")
    expectEqual(queue.enqueue(2, bytes: 1).text, "wait")
    expectEqual(queue.takeGroup().text, "run [1, 2]")
  }

  @Test func leavesTheTurnToTheThreadWhenOthersCameMeanwhile() {
    var queue = queue()
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(1, bytes: 1).text, "lead")
    expectEqual(queue.enqueue(2, bytes: 1).text, "wait")
    expectEqual(queue.enqueue(3, bytes: 1).text, "wait")
    expectEqual(queue.endTurn(), true)
    expectEqual(queue.enqueue(4, bytes: 1).text, "wait")
    expectEqual(queue.takeGroup().text, "run [2, 3, 4]")
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(5, bytes: 1).text, "lead")
  }

  @Test func wakesTheThreadToSeeTheEndAfterACallersTurn() {
    var queue = queue()
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(1, bytes: 1).text, "lead")
    expectEqual(queue.close(), false)
    expectEqual(queue.endTurn(), true)
    expectEqual(queue.takeGroup().text, "stop")
  }

  @Test func takesNoMoreAtOnceThanTheLimitsAllow() {
    var queue = queue(waitingRequests: 10)
    for request in 1...5 { _ = queue.enqueue(request, bytes: 1) }
    expectEqual(queue.takeGroup().text, "run [1, 2, 3]")
    expectEqual(queue.takeGroup().text, "run [4, 5]")
    for request in 6...8 { _ = queue.enqueue(request, bytes: 30) }
    #expect(queue.waitingBytes == 90)
    expectEqual(queue.takeGroup().text, "run [6]")
    expectEqual(queue.takeGroup().text, "run [7]")
    #expect(queue.waitingBytes == 30 && queue.waitingCount == 1)
  }

  @Test func refusesWhatExceedsTheLimitsUntilTheWriterTookSome() {
    var queue = queue()
    for request in 1...4 { expectEqual(queue.enqueue(request, bytes: 1).text, "wait") }
    expectEqual(queue.enqueue(5, bytes: 1).text, "refuse full")
    _ = queue.takeGroup()
    expectEqual(queue.enqueue(6, bytes: 99).text, "wait")
    expectEqual(queue.enqueue(7, bytes: 1).text, "refuse full")
  }

  @Test func letsASingleRequestExceedTheLimitOfBytes() {
    var queue = queue()
    expectEqual(queue.enqueue(1, bytes: 5000).text, "wait")
    expectEqual(queue.enqueue(2, bytes: 1).text, "refuse full")
    expectEqual(queue.takeGroup().text, "run [1]")
    #expect(queue.waitingBytes == 0)
  }

  @Test func handsOutWhatWaitsEvenAfterAFailure() {
    var queue = queue()
    _ = queue.enqueue(1, bytes: 1)
    queue.fail(TestError(name: "first"))
    queue.fail(TestError(name: "second"))
    expectEqual(queue.enqueue(2, bytes: 1).text, "refuse failed first")
    expectEqual(queue.takeGroup().text, "run [1]")
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.close(), true)
    expectEqual(queue.takeGroup().text, "stop")
  }

  @Test func drainsBeforeItStops() {
    var queue = queue()
    for request in 1...4 { _ = queue.enqueue(request, bytes: 1) }
    expectEqual(queue.close(), false)
    expectEqual(queue.enqueue(5, bytes: 1).text, "refuse closed")
    expectEqual(queue.takeGroup().text, "run [1, 2, 3]")
    queue.fail(TestError(name: "too late"))
    expectEqual(queue.takeGroup().text, "run [4]")
    expectEqual(queue.takeGroup().text, "stop")
    expectEqual(queue.takeGroup().text, "stop")
    expectEqual(queue.enqueue(6, bytes: 1).text, "refuse closed")
    expectEqual(queue.close(), false)
  }

  /// Random events against the plainest queue there is.
  @Test(arguments: 0..<20 as Range<UInt64>) func neverLosesReordersOrDoublesARequest(seed: UInt64) {
    enum Turn { case free, caller, thread }
    var random = RepeatableRandom(seed: seed)
    var queue = queue(waitingRequests: 30, groupRequests: 4)
    var waiting: [Int] = []
    var turn = Turn.thread
    for request in 0..<2000 {
      let place: Comment = "seed \(seed), request \(request)"
      if turn == .free || Int.random(in: 0..<10, using: &random) < 6 {
        let isFull = waiting.count == 30
        expectEqual(
          queue.enqueue(request, bytes: 0).text, isFull ? "refuse full" : turn == .free ? "lead" : "wait", place)
        if turn == .free { turn = .caller } else if !isFull { waiting.append(request) }
      } else if turn == .caller {
        expectEqual(queue.endTurn(), !waiting.isEmpty, place)
        turn = waiting.isEmpty ? .free : .thread
      } else {
        let group = Array(waiting.prefix(4))
        expectEqual(queue.takeGroup().text, group.isEmpty ? "sleep" : "run \(group)", place)
        turn = group.isEmpty ? .free : .thread
        waiting.removeFirst(group.count)
      }
      #expect(queue.waitingCount == waiting.count)
    }
  }
}

struct TestError: Error {
  var name: String
}

extension CommitQueue.EnqueueAction {
  var text: String {
    switch self {
    case .wait: "wait"
    case .lead: "lead"
    case .wake: "wake"
    case .refuse(.full): "refuse full"
    case .refuse(.closed): "refuse closed"
    case .refuse(.failed(let error)): "refuse failed \((error as? TestError)?.name ?? "")"
    }
  }
}

extension CommitQueue.TakeAction {
  var text: String {
    switch self {
    case .run(let group): "run \(group)"
    case .sleep: "sleep"
    case .stop: "stop"
    }
  }
}
