import Daybook
import TestSupport
import Testing

/// What a transcript cannot show of `daybook profile`: a server to talk to, and a store that cannot be opened.
struct ProfileCommandTests {
  private let session: CommandSession
  private static let environment = [
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": "sk-canary", "OPENAI_MODEL": "tiny",
  ]

  init() throws {
    session = try CommandSession.withStore()
  }

  @Test func aProfileIsTriedOnItsServerStepByStep() throws {
    let server = try StubServer()
    _ = try session.succeed(
      """
      printf 'sk-stub\\n' | daybook profile add llm/stub --set provider=openai --set model=tiny \
      --set base_url=http://127.0.0.1:\(server.port)/v1 --secret-stdin --use
      """)
    let good = try session.run("daybook profile test llm")
    #expect(good.status == 0, "\(good.errors)")
    let lines = good.output.split(separator: "\n")
    #expect(
      lines.map { $0.replacing(/in \d+ ms/, with: "in <time>") } == [
        "passed   models in <time>: 2 models, tiny among them",
        "passed   completion in <time>: answered, 9 tokens in all",
      ])
    _ = try session.succeed("daybook profile edit llm/stub --set base_url=http://127.0.0.1:\(server.port)/down")
    let bad = try session.run("daybook profile test llm/stub --json")
    #expect(bad.status == 1)
    #expect(bad.output.contains("\"outcome\":\"failed\"") && bad.output.contains("\"outcome\":\"skipped\""))
    #expect(!bad.output.contains("sk-stub"))
  }

  @Test func aBusyStoreLeavesTheEnvironmentToAnswer() async throws {
    let store = try await Store.open(
      at: session.workingFolder,
      options: StoreOptions(environment: ["XDG_CONFIG_HOME": "\(session.folder)/config"], owner: "a test"))
    let outcome = try session.run("daybook profile resolve llm", environment: Self.environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("model\ttiny\tOPENAI_MODEL"))
    #expect(outcome.output.contains("api_key\t‹hidden›\tOPENAI_API_KEY"))
    #expect(outcome.errors.contains("in use by a test. The environment answers instead."))
    #expect(!(outcome.output + outcome.errors).contains("sk-canary"))
    let mute = try session.run("daybook profile resolve llm")
    #expect(mute.status == 4 && mute.errors.contains("has none of OPENAI_BASE_URL"), "\(mute.errors)")
    try await store.close()
  }

  @Test func aDamagedOrAbsentStoreLeavesTheEnvironmentToAnswer() throws {
    try session.write("{", to: "daybook.json")
    for line in ["daybook profile resolve llm --json", "cd / && daybook profile resolve llm --json"] {
      let outcome = try session.run(line, environment: Self.environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\"source\":\"environment\""))
      #expect(!(outcome.output + outcome.errors).contains("sk-canary"))
      let mute = try session.run(line)
      #expect(mute.status != 0 && mute.errors.contains("OPENAI_API_KEY"), "\(mute.errors)")
    }
  }

  /// Another key, for another endpoint, must not stand in for one that cannot be opened.
  @Test func aSecretThatCannotBeOpenedIsNoReasonToAskTheEnvironment() throws {
    _ = try session.succeed(
      "echo sk-stub | daybook profile add llm/stub --set provider=openai --set model=m --secret-stdin --use")
    let ring = try session.succeed("ls ../config/daybook/keys/*.json").split(separator: "\n")[0]
    _ = try session.succeed("printf '{' > \(ring)")
    for line in ["daybook profile resolve llm --reveal", "daybook profile test llm"] {
      let outcome = try session.run(line, environment: Self.environment)
      #expect(outcome.status == 1 && outcome.errors.contains("is damaged"), "\(line): \(outcome.errors)")
      #expect(outcome.output == "")
    }
    #expect(try session.succeed("daybook profile resolve llm").contains("model\tm\tllm/stub"))
  }

  @Test func theEnvironmentThatStandsInIsToldInJSONToo() throws {
    let outcome = try session.run("cd / && daybook profile resolve llm --json", environment: Self.environment)
    #expect(outcome.output.contains("The environment answers instead."))
    let test = try session.run("cd / && daybook profile test llm --json", environment: Self.environment)
    #expect(test.output.contains("\"source\":\"environment\"") && test.output.contains("answers instead"))
  }

  @Test func aKeyWithAControlCharacterIsRefusedWhereverItComesFrom() throws {
    _ = try session.succeed("daybook profile add llm/stub --set provider=openai --set model=tiny < /dev/null")
    for line in [
      #"printf 'sk-canary\rx\n' | daybook profile edit llm/stub --secret-stdin"#,
      #"KEY="$(printf 'sk-canary\r')" daybook profile edit llm/stub --secret-env KEY"#,
      #"printf 'sk-canary\n\n' | daybook secret set profiles/llm/stub /api_key"#,
    ] {
      let outcome = try session.run(line)
      #expect(outcome.status == 6 && outcome.errors.contains("control character"), "\(line): \(outcome.errors)")
      #expect(!outcome.errors.contains("canary"))
    }
  }

  @Test func aSecretIsAskedForWithoutShowingIt() throws {
    try session.write(Self.typist, to: "../typist.py")
    let shown = try session.succeed(
      "python3 ../typist.py daybook profile add llm/asked --set provider=openai --set model=m")
    #expect(shown.contains("API key, or nothing for none:"))
    #expect(!shown.contains("canary"))
    #expect(try session.succeed("daybook profile show llm/asked --reveal").contains("\"sk-canary\""))
  }

  @Test func askingCanBeBrokenOff() throws {
    try session.write(Self.typist.replacing("sk-canarx\\x7fy\\n", with: "sk\\x03"), to: "../typist.py")
    let outcome = try session.run(
      "python3 ../typist.py daybook profile add llm/asked --set provider=openai --set model=m")
    #expect(outcome.status == 4 && outcome.output.contains("Nothing was written."), "\(outcome.output)")
    #expect(try session.run("daybook profile show llm/asked").status == 3)
  }

  /// Gives a command a terminal, waits for its question, types, mistypes and corrects, and prints all that the terminal
  /// showed.
  private static let typist = #"""
    import os, pty, sys

    process, terminal = pty.fork()
    if process == 0: os.execvp(sys.argv[1], sys.argv[1:])
    shown = b""
    while not shown.endswith(b": "): shown += os.read(terminal, 1024)
    os.write(terminal, b"sk-canarx\x7fy\n")
    try:
        while more := os.read(terminal, 1024): shown += more
    except OSError: pass  # the end of a terminal
    sys.stdout.buffer.write(shown)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
    """#
}
