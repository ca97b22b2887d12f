import Daybook

/// Asks the helpers that Git is configured with, as `git fetch` would, but never a person: `git credential fill`.
enum GitCredentialHelper {
  private static let mostBytes = 1 << 16
  private static let mostLines = 32

  /// Nil when there is none, or none that knows.
  static func answer(to question: [UInt8], store: String, environment: [String: String]) -> [UInt8]? {
    var variables = environment
    // An empty program to ask with is none, and keeps Git from looking for another.
    variables.merge(["GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": ""]) { _, new in new }
    do throws(SystemFailure) {
      var child = try ChildProcess("git", ["-C", store, "credential", "fill"], environment: variables, input: question)
      return try Self.output(of: &child)
    } catch {
      return nil
    }
  }

  private static func output(of child: inout ChildProcess) throws(SystemFailure) -> [UInt8] {
    let deadline = ContinuousClock.now + .seconds(Limits.credentialHelperSeconds)
    var output: [UInt8] = []
    for _ in 0..<mostLines {
      guard
        case .line(let line) = try child.readLine(limit: mostBytes, waiting: max(.zero, deadline - ContinuousClock.now))
      else {
        break
      }
      output += line + [UInt8(ascii: "\n")]
    }
    return output
  }
}

extension RemoteConnector {
  /// For a store, on behalf of whoever typed the command.
  ///
  /// - Parameter stop: ends a transfer that is under way.
  init(of store: String, stop: StopSignal = StopSignal()) {
    let environment = Process.environment
    let credentials = RemoteCredentials(store: store, environment: environment) { question in
      GitCredentialHelper.answer(to: question, store: store, environment: environment)
    }
    self.init(
      ChildTransport(environment: environment, stop: stop), trust: RemoteTrust(environment: environment),
      credential: credentials.credential)
  }
}
