import Foundation
import TestSupport
import Testing

@testable import DaybookCLI

/// Commands beside a service that owns the store.
struct BesideServiceTests {
  @Test func theyRunAsTheyWouldAlone() throws {
    try CommandSession.withService { session in
      _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
      #expect(try session.succeed("daybook get notes/one") == "{\"title\": \"one\"}\n")
      _ = try session.succeed("DAYBOOK_AUTHOR='Bob <bob@example.org>' daybook patch notes/one --set stars=3")
      #expect(try session.succeed("daybook log notes/one --limit 1").contains("Author: Bob <bob@example.org>"))
      let missing = try session.run("daybook get notes/two")
      #expect(missing.status == 3)
      #expect(missing.errors.contains("There is no document 'notes/two'"))
    }
  }

  @Test func theyReadAndWriteFilesWhereTheyWereTyped() throws {
    try CommandSession.withService { session in
      _ = try session.succeed("mkdir in && echo '{\"title\": \"a\"}' > in/a.json && daybook put notes/a in/a.json")
      _ = try session.succeed("cd in && daybook -C .. export --to out notes && test -f out/notes/a.json")
      _ = try session.succeed("cd in && daybook get notes/a")
      _ = try session.succeed("EDITOR='sed -i s/\\\"a\\\"/\\\"b\\\"/' daybook edit notes/a")
      #expect(try session.succeed("daybook get notes/a") == "{\"title\": \"b\"}\n")
    }
  }

  @Test func anEditOfAFileIsSeenByTheNextOne() throws {
    try CommandSession.withService { session in
      _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one --durability committed")
      _ = try session.succeed("echo '{\"title\": \"two\"}' > notes/one/note.json")
      #expect(try session.succeed("daybook get notes/one") == "{\"title\": \"two\"}\n")
    }
  }

  @Test func theStoreIsTheirOwnAgainWhenTheServiceHasDied() throws {
    let session = try CommandSession.withStore()
    let service = try session.startService()
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
    _ = try session.succeed("kill -9 \(service.id)")
    service.wait()
    #expect(try session.succeed("daybook get notes/one") == "{\"title\": \"one\"}\n")
    #expect(try session.succeed("daybook check").isEmpty == false)
  }

  @Test func aForwardedCommandReadsAsItWasWritten() throws {
    let command = ForwardedCommand(
      arguments: ["put", "a b", "ü\n"], environment: ["HOME": "/x", "EMPTY": ""], folder: "/tmp/ö")
    let read = try #require(ForwardedCommand(command.line))
    #expect(read.arguments == command.arguments)
    #expect(read.environment == command.environment)
    #expect(read.folder == command.folder)
    for message in [ForwardedMessage.run(line: "vi", argument: "a"), .status(3), .exit(0)] {
      #expect(ForwardedMessage(message.line) == message)
    }
    #expect(ForwardedMessage(Array("{}".utf8)) == nil)
  }
}
