import Daybook

/// Carries out transfers in a process of its own, which is this program once more: see `TransferCommand`. Whatever a
/// remote sends can take no more than that process is given, and it is given up when it falls silent.
struct ChildTransport: Transport {
  var program = Process.ownPath
  /// Those of whoever wants the transfer.
  var environment = Process.environment
  /// How long nothing may come, and how long all of it may take.
  var silence = Duration.seconds(Limits.transferSilenceSeconds)
  var whole = Duration.seconds(Limits.transferSeconds)

  private static let command = "transfer"
  /// What ssh needs, and what the program itself does.
  private static let variables = ["HOME", "SSH_AUTH_SOCK", "PATH", "TMPDIR", "LANG", "LD_LIBRARY_PATH"]

  func carryOut(
    _ request: TransferRequest, onProgress: @escaping TransferListener
  ) throws(StoreError) -> TransferAnswer {
    do {
      var child = try ChildProcess(
        program, [Self.command], environment: environment.filter { Self.variables.contains($0.key) },
        input: request.line)
      return try Self.answer(of: &child, until: ContinuousClock.now + whole, silence, about: request, onProgress)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The process of a transfer could not be started or heard.", cause: error)
    }
  }

  private static func answer(
    of child: inout ChildProcess, until deadline: ContinuousClock.Instant, _ silence: Duration,
    about request: TransferRequest, _ onProgress: TransferListener
  ) throws -> TransferAnswer {
    while true {
      let rest = deadline - ContinuousClock.now
      switch try child.readLine(limit: Limits.transferLineBytes, waiting: min(silence, max(.zero, rest))) {
      case .line(let line):
        switch TransferMessage(line: line) {
        case .progress(let progress): onProgress(progress)
        case .answer(let answer): return answer
        case .failure(let error): throw error
        case nil: throw died
        }
      case .silence where rest > silence:
        throw StoreError(
          .remote, "\(request.address) fell silent: nothing came for \(silence.components.seconds) seconds.",
          hint: "It was given up, and nothing was taken. Try again later.")
      case .silence:
        throw StoreError(
          .remote, "The transfer with \(request.address) took too long and was given up.", hint: "Nothing was taken.")
      case .end: throw died
      }
    }
  }

  private static let died = StoreError(
    .remote, "The process of the transfer ended before it was done: what came took more than it is given.",
    hint: "Nothing was taken. The limits are those of `Limits`: memory, time of the processor, disk.")
}
