package import Daybook
import Documents

/// A trial of a profile with real calls, step by step: what was tried, whether it went well, how long it took.
///
/// For a language model, whatever speaks OpenAI's API: the list of models, then an answer of one token. For RSSHub: its
/// health, without the access key and with it. No step tells a secret, also not one that a server sends back.
package struct ProfileTest: Sendable {
  package struct Step: Sendable, Equatable {
    package let name: String
    package let outcome: Outcome
    package let milliseconds: Int
    /// What was found: a sentence without a full stop.
    package let detail: String

    fileprivate init(_ probe: Probe, _ outcome: Outcome, _ milliseconds: Int, _ detail: String) {
      self.name = probe.name
      self.outcome = outcome
      self.milliseconds = milliseconds
      self.detail = detail
    }
  }

  package enum Outcome: String, Sendable {
    case passed, failed, skipped
  }

  private let profile: ResolvedProfile

  /// - Parameter profile: with its secrets revealed.
  /// - Throws: `.refused` for a kind that nobody knows how to try.
  package init(_ profile: ResolvedProfile) throws(StoreError) {
    guard Self.kinds.contains(profile.kind.name) else {
      throw StoreError(
        .refused, "Profiles of the kind '\(profile.kind.name)' cannot be tested.",
        hint: "Those that can: \(Self.kinds.joined(separator: ", ")).")
    }
    self.profile = profile
  }

  private static let kinds = ["llm", "rsshub"]

  /// Takes the steps in order. One that fails ends the trial; those behind it are skipped.
  ///
  /// - Parameter onStep: called after each step, as it is done.
  /// - Returns: whether all went well.
  package func run(onStep: (Step) throws -> Void) async throws -> Bool {
    let client = try WebClient(proxy: profile["proxy"]?.string, seconds: seconds, hiding: hiding)
    let probes = profile.kind.name == "llm" ? LanguageModelProbe(profile).probes : FeedServerProbe(profile).probes
    var hasFailed = false
    do {
      for probe in probes {
        let step = hasFailed ? Step(probe, .skipped, 0, "a step before it failed") : await take(probe, client)
        hasFailed = hasFailed || step.outcome == .failed
        try onStep(step)
      }
    } catch {
      await client.close()
      throw error
    }
    await client.close()
    return !hasFailed
  }

  /// The profile's own time limit, as far as ours reaches.
  private var seconds: Double {
    min(profile["timeout_s"]?.number?.double ?? Limits.callSeconds, Limits.callSeconds)
  }

  private func take(_ probe: Probe, _ client: WebClient) async -> Step {
    let start = ContinuousClock.now
    let (outcome, detail): (Outcome, String)
    do throws(WebFailure) {
      (outcome, detail) = (.passed, try probe.judge(try await client.send(probe.request)))
    } catch {
      (outcome, detail) = (.failed, error.reason)
    }
    let milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
    return Step(probe, outcome, milliseconds, hiding.hidden(detail))
  }

  private var hiding: SecretHiding { SecretHiding(profile.members.filter(\.isSecret).compactMap(\.value.string)) }
}

/// One call, and what makes a good answer of it.
struct Probe: Sendable {
  let name: String
  let request: WebRequest
  /// What the answer shows; throws what is wrong with it.
  let judge: @Sendable (WebAnswer) throws(WebFailure) -> String
}
