import ArgumentParser
import Daybook

/// Carries out one transfer for another process of this program, which writes the request into its standard input and
/// reads lines from its standard output: see `TransferMessage`. Not for people.
struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer", abstract: "Carry out a transfer for another process.", shouldDisplay: false)

  private static let limits = ProcessLimits(
    memoryBytes: Limits.transferMemoryBytes, processorSeconds: Limits.transferProcessorSeconds,
    fileBytes: Limits.transferFileBytes, seconds: Limits.transferSeconds)

  func run() throws {
    try Self.limits.set()
    let line = try Descriptor.standardInput.readAll(limit: Limits.transferLineBytes)
    guard let request = TransferRequest(line: line) else {
      throw StoreError(.usage, "Standard input holds no transfer.", hint: "This command is for `daybook` itself.")
    }
    var pace = TransferPace()
    do throws(StoreError) {
      try TransferRun.boundProcess()
      let answer = try TransferRun(request: request) { if pace.tells($0) { Self.tell(.progress($0)) } }.answer()
      Self.tell(.answer(answer))
    } catch {
      Self.tell(.failure(error))
    }
  }

  /// When nobody listens any more, nobody wants the transfer either.
  private static func tell(_ message: TransferMessage) {
    do throws(SystemFailure) {
      try Output.write(message.line)
    } catch {
      Process.end(ExitCode.failure.rawValue)
    }
  }
}
