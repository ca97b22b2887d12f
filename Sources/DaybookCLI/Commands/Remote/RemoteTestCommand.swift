import ArgumentParser
import Daybook
import Documents

struct RemoteTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Try whether a remote can be reached, step by step.",
    discussion: """
      The address, what opens it, the connection, and the branch. Nothing is brought here or there. The exit status is \
      that of what failed.

        daybook remote test origin
      """)

  @Argument(help: "The remote.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let store = try StoreLocation.find(global.folder)
    try RemoteTrial(name, ofStoreAt: store, by: RemoteConnector(of: store)).run(tell)
  }

  private func tell(_ step: RemoteTrial.Step) throws {
    if global.json {
      return try Output.json([
        "step": .string(step.name), "outcome": .string(step.hasPassed ? "passed" : "failed"),
        "detail": .string(step.detail),
      ])
    }
    let style = Style.output
    let outcome = step.hasPassed ? style.green("passed") : style.red("failed")
    try Output.line("\(outcome)  \(step.name): \(Table.printable(step.detail))")
  }
}
