import Glibc
import Storage
import Synchronization
import Testing

@Suite struct CommitLoopTests {
  private struct Request: Sendable {
    var caller: Int
    var number: Int
    var answer: @Sendable (Int) -> Void
  }

  /// Counts how many groups there were and in which order each caller's requests came.
  private final class Ledger: Sendable {
    let state = Mutex<(groups: Int, next: [Int: Int], disordered: Int)>((0, [:], 0))

    func handle(_ group: [Request]) {
      state.withLock { state in
        state.groups += 1
        for request in group {
          if state.next[request.caller, default: 0] != request.number { state.disordered += 1 }
          state.next[request.caller] = request.number + 1
        }
      }
      for request in group { request.answer(request.number) }
    }
  }

  @Test func answersEveryRequestOfManyTasksInOrder() async throws {
    let ledger = Ledger()
    let loop = CommitLoop<Request> { ledger.handle($0) }
    await withTaskGroup(of: Void.self) { tasks in
      for caller in 0..<32 {
        tasks.addTask {
          for number in 0..<50 {
            let answer = await withCheckedContinuation { continuation in
              let request = Request(caller: caller, number: number) { continuation.resume(returning: $0) }
              do { try loop.submit(request, bytes: 10) } catch { continuation.resume(returning: -1) }
            }
            #expect(answer == number)
          }
        }
      }
    }
    loop.stop()
    let (groups, next, disordered) = ledger.state.withLock { $0 }
    #expect(disordered == 0)
    #expect(next.count == 32 && next.values.allSatisfy { $0 == 50 })
    #expect(groups <= 1600)
  }

  @Test func answersAThreadThatBlocks() throws {
    let ledger = Ledger()
    let loop = CommitLoop<Request> { ledger.handle($0) }
    for number in 0..<100 {
      let reply = Reply<Int>()
      try loop.submit(Request(caller: 0, number: number) { reply.send($0) }, bytes: 1)
      #expect(reply.wait() == number)
    }
    #expect(ledger.state.withLock { $0.groups } == 100)
  }

  @Test func gathersAGroupWhileTheHandlerIsBusy() throws {
    let gate = Reply<Bool>()
    let groups = Mutex<[Int]>([])
    let started = Reply<Bool>()
    let loop = CommitLoop<Int> { group in
      let isFirst = groups.withLock { sizes in
        sizes.append(group.count)
        return sizes.count == 1
      }
      if isFirst {
        started.send(true)
        _ = gate.wait()
      }
    }
    let first = WorkerThread { try? loop.submit(0, bytes: 1) }
    defer { first.join() }
    _ = started.wait()
    for request in 1...20 { try loop.submit(request, bytes: 1) }
    #expect(loop.backlog.requests == 20)
    gate.send(true)
    loop.stop()
    #expect(groups.withLock { $0 } == [1, 20])
  }

  @Test func letsACallerWriteItselfWhenNobodyElseDoes() throws {
    let threads = Mutex<[pthread_t]>([])
    let loop = CommitLoop<Int> { _ in threads.withLock { $0.append(pthread_self()) } }
    while threads.withLock({ $0.last }) != pthread_self() {
      try loop.submit(0, bytes: 1)
      // On a busy machine the loop's thread may not have begun yet, and the queue would fill up.
      SystemTime.pause(milliseconds: 1)
    }
    try loop.submit(1, bytes: 1)
    #expect(threads.withLock { $0.suffix(2) } == [pthread_self(), pthread_self()])
    loop.stop()
  }

  @Test func drainsOnStopAndRefusesAfterwards() throws {
    let handled = Mutex(0)
    let loop = CommitLoop<Int> { group in handled.withLock { $0 += group.count } }
    for request in 0..<1000 { try loop.submit(request, bytes: 1) }
    loop.stop()
    loop.stop()
    #expect(handled.withLock { $0 } == 1000)
    #expect(throws: CommitLoop<Int>.Refusal.self) { try loop.submit(1, bytes: 1) }
  }

  @Test func endsItsThreadWhenItIsForgotten() throws {
    let handled = Mutex(0)
    do {
      let loop = CommitLoop<Int> { group in handled.withLock { $0 += group.count } }
      for request in 0..<10 { try loop.submit(request, bytes: 1) }
    }
    #expect(handled.withLock { $0 } == 10)
  }
}
