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
  /// Ends what is under way.
  var stop = StopSignal()

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
      return try answer(of: &child, about: request, onProgress)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The process of a transfer could not be started or heard.", cause: error)
    }
  }

  private func answer(
    of child: inout ChildProcess, about request: TransferRequest, _ onProgress: TransferListener
  ) throws -> TransferAnswer {
    let end = ContinuousClock.now + whole
    var heard = ContinuousClock.now
    while true {
      switch try child.readLine(limit: Limits.transferLineBytes, waiting: Self.look) {
      case .line(let line):
        heard = .now
        switch TransferMessage(line: line) {
        case .progress(let progress):
          onProgress(progress)
          try checkPatience(heard, end, request)
        case .answer(let answer): return answer
        case .failure(let error): throw error
        case nil: throw Self.died
        }
      case .silence: try checkPatience(heard, end, request)
      case .end: throw Self.died
      }
    }
  }

  /// - Throws: `.remote` when it has taken too long, `.unavailable` when nobody wants it any more.
  private func checkPatience(
    _ heard: ContinuousClock.Instant, _ end: ContinuousClock.Instant, _ request: TransferRequest
  ) throws(StoreError) {
    if stop.isGiven { throw StoreError(.unavailable, "The transfer with \(request.address) was stopped.") }
    if .now - heard >= silence {
      throw StoreError(
        .remote, "\(request.address) fell silent: nothing came for \(silence.components.seconds) seconds.",
        hint: "It was given up, and nothing was taken. Try again later.")
    }
    if .now >= end {
      throw StoreError(
        .remote, "The transfer with \(request.address) took too long and was given up.", hint: "Nothing was taken.")
    }
  }

  /// How often it is looked whether it is to go on.
  private static let look = Duration.milliseconds(100)

  private static let died = StoreError(
    .remote, "The process of the transfer ended before it was done: what came took more than it is given.",
    hint: "Nothing was taken. The limits are those of `Limits`: memory, time of the processor, disk.")
}
