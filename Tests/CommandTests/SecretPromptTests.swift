import Foundation
import Testing

/// What is typed at a terminal, with `script` for the terminal.
struct SecretPromptTests {
  /// Runs a command on a terminal of its own and types the answers, each as soon as its question stands there.
  private func type(
    _ answers: [(question: String, keys: String)], to command: String, in session: CommandSession
  ) throws -> CommandSession.Outcome {
    var typing = ""
    for (question, keys) in answers {
      typing += "until grep -qF '\(question)' screen; do kill -0 $! || exit 9; sleep 0.02; done; printf '\(keys)' >&3; "
    }
    let outcome = try session.run(
      """
      mkfifo keys && { script -qefc "\(command)" screen < keys > /dev/null & } && exec 3> keys && touch screen
      \(typing) wait $!; status=$?; cat screen; exit $status
      """)
    try FileManager.default.removeItem(atPath: "\(session.workingFolder)/keys")
    try FileManager.default.removeItem(atPath: "\(session.workingFolder)/screen")
    return outcome
  }

  private func session() throws -> CommandSession {
    let session = try CommandSession.withStore()
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
    return session
  }

  @Test func aTypedSecretIsNotShown() throws {
    let session = try session()
    let outcome = try type(
      [("/token of notes/one: ", #"hunt\303\244\177er3\1772\n"#)], to: "daybook secret set notes/one /token",
      in: session)
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(!outcome.output.contains("hunt"))
    #expect(try session.succeed("daybook get notes/one --reveal").contains("\"hunter2\""))
  }

  @Test func givingUpWritesNothing() throws {
    let session = try session()
    let outcome = try type(
      [("/token of notes/one: ", #"hunter\003"#)], to: "daybook secret set notes/one /token", in: session)
    #expect(outcome.status == 2, "\(outcome.output)")
    #expect(outcome.output.contains("Nothing was typed."))
    #expect(try !session.succeed("daybook get notes/one").contains("token"))
  }

  @Test func aWrappedRingAsksForItsPassphraseWhenASecretIsNeeded() throws {
    let session = try session()
    _ = try session.succeed("echo hunter2 | daybook secret set notes/one /token")
    let phrase = "correct horse battery"
    let wrapping = try type(
      [("New passphrase: ", phrase + #"\n"#), ("The same once more: ", phrase + #"\n"#)], to: "daybook keys wrap",
      in: session)
    #expect(wrapping.status == 0, "\(wrapping.output)")
    let reading = try type(
      [("Passphrase of the key ring: ", phrase + #"\n"#)], to: "daybook get notes/one --reveal", in: session)
    #expect(reading.status == 0 && reading.output.contains("hunter2"), "\(reading.output)")
    let wrong = try type(
      [("Passphrase of the key ring: ", #"something else\n"#)], to: "daybook get notes/one --reveal", in: session)
    #expect(wrong.status == 4, "\(wrong.output)")
    for outcome in [wrapping, reading, wrong] { #expect(!outcome.output.contains(phrase)) }
  }

  @Test func twoPassphrasesThatDifferAreNoPassphrase() throws {
    let session = try session()
    let outcome = try type(
      [("New passphrase: ", #"correct horse battery\n"#), ("The same once more: ", #"correct horse batterie\n"#)],
      to: "daybook keys wrap", in: session)
    #expect(outcome.status == 2, "\(outcome.output)")
    #expect(try session.succeed("daybook keys status --json").contains("\"wrapped\":false"))
  }

  @Test func aNewPasswordIsAskedForTwiceAndNotShown() throws {
    let session = try CommandSession.withStore()
    let phrase = "correct horse battery"
    let mistyped = try type(
      [("New password of owner: ", phrase + #"\n"#), ("The same once more: ", #"correct horse batterie\n"#)],
      to: "daybook user add owner", in: session)
    #expect(mistyped.status == 2 && mistyped.output.contains("nothing was done"), "\(mistyped.output)")
    #expect(try session.succeed("daybook user list") == "")
    let typed = try type(
      [("New password of owner: ", phrase + #"\n"#), ("The same once more: ", phrase + #"\n"#)],
      to: "daybook user add owner", in: session)
    #expect(typed.status == 0 && typed.output.contains("From now on"), "\(typed.output)")
    for outcome in [mistyped, typed] { #expect(!outcome.output.contains("horse")) }
    #expect(try session.succeed("daybook user list").hasPrefix("owner\towner\tactive"))
  }
}
