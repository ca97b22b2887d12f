import Testing

@testable import DaybookRuntime

@Suite struct WaitingTests {
  private func outcome(_ status: ThreadStatus, _ before: (Int, Int), _ after: (Int, Int)) -> Waiting.Outcome {
    Waiting.outcome(
      of: status, from: Waiting(interrupts: before.0, todos: before.1), to: Waiting(interrupts: after.0, todos: after.1)
    )
  }

  @Test(arguments: ThreadStatus.allCases)
  func anInterruptStopsAThreadWhateverItDid(status: ThreadStatus) {
    #expect(outcome(status, (0, 0), (1, 0)) == Waiting.Outcome(status: .interrupted, resumes: false))
    #expect(outcome(status, (1, 2), (2, 2)) == Waiting.Outcome(status: .interrupted, resumes: false))
  }

  @Test func theLastAnswerLetsAnInterruptedThreadGoOn() {
    #expect(outcome(.interrupted, (2, 0), (1, 0)) == Waiting.Outcome(status: .interrupted, resumes: false))
    #expect(outcome(.interrupted, (1, 0), (0, 0)) == Waiting.Outcome(status: .running, resumes: true))
    // Todos do not hold it back: the agent goes on beside them.
    #expect(outcome(.interrupted, (1, 3), (0, 3)) == Waiting.Outcome(status: .running, resumes: true))
    for status in [ThreadStatus.running, .completed, .error] {
      #expect(outcome(status, (1, 0), (0, 0)) == Waiting.Outcome(status: status, resumes: false))
    }
  }

  @Test func theLastTodoLetsAThreadGoOnUnlessAnInterruptHoldsIt() {
    for status in [ThreadStatus.running, .completed, .interrupted] {
      #expect(outcome(status, (0, 1), (0, 0)) == Waiting.Outcome(status: .running, resumes: true))
      #expect(outcome(status, (0, 2), (0, 1)) == Waiting.Outcome(status: status, resumes: false))
      #expect(outcome(status, (1, 1), (1, 0)) == Waiting.Outcome(status: status, resumes: false))
    }
    #expect(outcome(.error, (0, 1), (0, 0)) == Waiting.Outcome(status: .error, resumes: false))
  }

  @Test func aTodoThatIsMadeStopsNobody() {
    for status in ThreadStatus.allCases {
      #expect(outcome(status, (0, 0), (0, 1)) == Waiting.Outcome(status: status, resumes: false))
    }
  }
}
