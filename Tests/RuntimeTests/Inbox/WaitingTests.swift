import Testing

@testable import DaybookRuntime

@Suite struct WaitingTests {
  private func outcome(
    _ status: ThreadStatus, _ noted: (Int, Int), _ open: (Int, Int), asks: Bool = false
  ) -> Waiting.Outcome {
    Waiting.outcome(
      of: status, noted: Waiting(interrupts: noted.0, todos: noted.1), open: Waiting(interrupts: open.0, todos: open.1),
      asks: asks)
  }

  @Test(arguments: ThreadStatus.allCases)
  func anInterruptStopsAThreadWhateverItDid(status: ThreadStatus) {
    #expect(outcome(status, (0, 0), (1, 0), asks: true) == Waiting.Outcome(status: .interrupted, resumes: false))
    #expect(outcome(status, (1, 2), (2, 2), asks: true) == Waiting.Outcome(status: .interrupted, resumes: false))
    // One that was open already and is raised again.
    #expect(outcome(status, (1, 0), (1, 0), asks: true) == Waiting.Outcome(status: .interrupted, resumes: false))
  }

  @Test func theLastAnswerLetsAThreadGoOnUnlessItHasFailed() {
    #expect(outcome(.interrupted, (2, 0), (1, 0)) == Waiting.Outcome(status: .interrupted, resumes: false))
    // Todos do not hold it back: the agent goes on beside them.
    for todos in [0, 3] {
      for status in [ThreadStatus.interrupted, .running, .completed] {
        #expect(outcome(status, (1, todos), (0, todos)) == Waiting.Outcome(status: .running, resumes: true))
      }
    }
    #expect(outcome(.error, (1, 0), (0, 0)) == Waiting.Outcome(status: .error, resumes: false))
  }

  @Test func theLastTodoLetsAThreadGoOnUnlessAnInterruptHoldsIt() {
    for status in [ThreadStatus.running, .completed, .interrupted] {
      #expect(outcome(status, (0, 1), (0, 0)) == Waiting.Outcome(status: .running, resumes: true))
      #expect(outcome(status, (0, 2), (0, 1)) == Waiting.Outcome(status: status, resumes: false))
      #expect(outcome(status, (1, 1), (1, 0)) == Waiting.Outcome(status: .interrupted, resumes: false))
    }
    #expect(outcome(.error, (0, 1), (0, 0)) == Waiting.Outcome(status: .error, resumes: false))
  }

  @Test func aTodoThatIsMadeStopsNobody() {
    for status in ThreadStatus.allCases {
      #expect(outcome(status, (0, 0), (0, 1)) == Waiting.Outcome(status: status, resumes: false))
    }
  }
}
