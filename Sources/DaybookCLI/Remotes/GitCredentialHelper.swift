import Daybook

/// Asks the helpers that Git is configured with, as `git fetch` would, but never a person: `git credential fill`.
enum GitCredentialHelper {
  private static let mostBytes = 1 << 16
  private static let mostLines = 32

  /// Nil when there is none, or none that knows.
  static func answer(to question: [UInt8], folder: String, environment: [String: String]) -> [UInt8]? {
    var variables = environment
    // An empty program to ask with is none, and keeps Git from looking for another.
    variables.merge(["GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": ""]) { _, new in new }
    do throws(SystemFailure) {
      var child = try ChildProcess(
        "git", ["-C", folder, "credential", "fill"], environment: variables, input: question)
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
  /// On behalf of whoever typed the command.
  ///
  /// - Parameters:
  ///   - store: The store that is brought together with a remote; nil where there is none yet.
  ///   - stop: Ends a transfer that is under way.
  init(of store: String?, stop: StopSignal = StopSignal()) {
    let environment = Process.environment
    let credentials = RemoteCredentials(environment: environment) { question in
      GitCredentialHelper.answer(to: question, folder: store ?? "/", environment: environment)
    }
    let transport = ChildTransport(environment: environment, stop: stop)
    self.init(transport, trust: RemoteTrust(environment: environment)) { name, address throws(StoreError) in
      guard let store else { return credentials.usual(address) }
      return try credentials.credential(of: name, at: address, forStoreAt: store)
    }
  }
}
