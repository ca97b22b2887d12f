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

  @Test func wakesAWriterThatSleepsOnce() {
    var queue = queue()
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(1, bytes: 1).text, "wake")
    expectEqual(queue.enqueue(2, bytes: 1).text, "none")
    expectEqual(queue.takeGroup().text, "run [1, 2]")
    expectEqual(queue.enqueue(3, bytes: 1).text, "none")
    expectEqual(queue.takeGroup().text, "run [3]")
    expectEqual(queue.takeGroup().text, "sleep")
    expectEqual(queue.enqueue(4, bytes: 1).text, "wake")
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
    for request in 1...4 { expectEqual(queue.enqueue(request, bytes: 1).text, "none") }
    expectEqual(queue.enqueue(5, bytes: 1).text, "refuse full")
    _ = queue.takeGroup()
    expectEqual(queue.enqueue(6, bytes: 99).text, "none")
    expectEqual(queue.enqueue(7, bytes: 1).text, "refuse full")
  }

  @Test func letsASingleRequestExceedTheLimitOfBytes() {
    var queue = queue()
    expectEqual(queue.enqueue(1, bytes: 5000).text, "none")
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
    var random = RepeatableRandom(seed: seed)
    var queue = queue(waitingRequests: 30, groupRequests: 4)
    var waiting: [Int] = []
    var sleeps = false
    for request in 0..<2000 {
      if Int.random(in: 0..<10, using: &random) < 6 {
        let isFull = waiting.count == 30
        let expected = isFull ? "refuse full" : sleeps ? "wake" : "none"
        expectEqual(queue.enqueue(request, bytes: 0).text, expected, "seed \(seed), request \(request)")
        if !isFull { (sleeps, waiting) = (false, waiting + [request]) }
      } else {
        let group = Array(waiting.prefix(4))
        expectEqual(
          queue.takeGroup().text, (group.isEmpty ? "sleep" : "run \(group)"), "seed \(seed), request \(request)")
        sleeps = group.isEmpty
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
    case .none: "none"
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
