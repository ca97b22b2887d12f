import ArgumentParser
import Testing

@testable import Daybook
@testable import DaybookCLI

struct ExitCodeTests {
  @Test func everyCodeOfTheLibraryHasAnExitStatus() {
    for code in StoreError.Code.all {
      #expect(ExitCode(for: code) != nil, "\(code) has no row in the table")
    }
  }

  @Test func anUnknownCodeHasNone() {
    #expect(ExitCode(for: StoreError.Code(description: "unheard-of")) == nil)
  }

  @Test func theStatusesAreThoseOfTheDesign() {
    #expect(ExitCode(for: .notFound)?.rawValue == 3)
    #expect(ExitCode(for: .refused)?.rawValue == 4)
    for code in [StoreError.Code.unauthenticated, .throttled, .exhausted] {
      #expect(ExitCode(for: code)?.rawValue == 4)
    }
    #expect(ExitCode(for: .conflict)?.rawValue == 5)
    #expect(ExitCode(for: .invalid)?.rawValue == 6)
    #expect(ExitCode(for: .usage)?.rawValue == 2)
    #expect(ExitCode(for: .damaged)?.rawValue == 1)
  }
}
