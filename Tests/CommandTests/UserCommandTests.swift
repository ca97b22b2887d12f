import Foundation
import Testing

/// What a transcript cannot show of `daybook user` and `daybook token`: what comes of them where a service runs.
struct UserCommandTests {
  /// Sends requests to the service of a session, with Python for the client.
  private struct Client {
    let session: CommandSession
    let address: String

    init(_ session: CommandSession) throws {
      self.session = session
      address = String(try #require(try session.read("../serve").split(separator: "\n").first))
      try session.write(Self.script, to: "../send.py")
    }

    /// The status of the answer.
    func send(_ method: String, _ path: String, token: String = "", body: String = "") throws -> Int {
      let line = "python3 ../send.py '\(method)' '\(address)\(path)' '\(token)' '\(body)'"
      return try #require(Int(try session.succeed(line)))
    }

    private static let script = """
      import sys, urllib.error, urllib.request

      method, address, token, body = sys.argv[1:]
      headers = {"Authorization": "Bearer " + token} if token else {}
      if body: headers["Content-Type"] = "application/json"
      request = urllib.request.Request(address, body.encode() or None, headers, method=method)
      try: status = urllib.request.urlopen(request).status
      except urllib.error.HTTPError as error: status = error.code
      print(status, end="")
      """
  }

  @Test func whatIsMadeAtATerminalCountsAtOnceForTheServiceThatRuns() throws {
    try CommandSession.withService { session in
      let client = try Client(session)
      #expect(try client.send("GET", "/v1/status") == 200)
      _ = try session.succeed("echo 'correct horse battery' | daybook user add owner --password-stdin")
      #expect(try client.send("GET", "/v1/status") == 401)
      let owner = #"{"name": "owner", "password": "correct horse battery"}"#
      #expect(try client.send("POST", "/api/v1/auth/sign-in", body: owner) == 200)

      _ = try session.succeed("echo 'staple correct horse' | daybook user add ann --password-stdin")
      let make = "daybook token create --name walk --user ann --collections tasks --access write"
      let token = try session.succeed(make).trimmingCharacters(in: .newlines)
      #expect(try client.send("POST", "/api/v1/tasks", token: token, body: #"{"task_type": "walk"}"#) == 201)
      #expect(try session.succeed("daybook list tasks --where user=ann").split(separator: "\n").count == 1)
      #expect(try client.send("GET", "/v1/collections/panels", token: token) == 403)

      let id = try #require(token.split(separator: ".").dropFirst().first)
      #expect(try session.succeed("daybook token revoke \(id)") == "\(id)\n")
      #expect(try client.send("GET", "/v1/collections/tasks", token: token) == 401)
    }
  }

  @Test func whoIsDisabledOrRevokedAtATerminalIsOutAtOnce() throws {
    try CommandSession.withService { session in
      let client = try Client(session)
      for name in ["owner", "ann"] {
        _ = try session.succeed("echo 'correct horse battery' | daybook user add \(name) --password-stdin")
      }
      let make = "daybook token create --name walk --user ann"
      let token = try session.succeed(make).trimmingCharacters(in: .newlines)
      func look() throws -> Int { try client.send("GET", "/v1/collections/tasks", token: token) }
      #expect(try look() == 200)
      _ = try session.succeed("daybook user disable ann")
      #expect(try look() == 401)
      _ = try session.succeed("daybook user enable ann")
      #expect(try look() == 200)
      _ = try session.succeed("daybook user revoke ann")
      #expect(try look() == 401)
      let ann = #"{"name": "ann", "password": "another good horse"}"#
      #expect(try client.send("POST", "/api/v1/auth/sign-in", body: ann) == 401)
      _ = try session.succeed("echo 'another good horse' | daybook user password ann --password-stdin")
      #expect(try client.send("POST", "/api/v1/auth/sign-in", body: ann) == 200)
    }
  }

  @Test func whatIsDoneForUsersIsInTheHistoryOfWhoeverDidIt() throws {
    try CommandSession.withService { session in
      for name in ["owner", "ann"] {
        _ = try session.succeed("echo 'correct horse battery' | daybook user add \(name) --password-stdin")
      }
      _ = try session.succeed("DAYBOOK_AUTHOR='Eve <eve@example.org>' daybook token create --name walk --user ann")
      let log = try session.succeed("daybook log --origin command --actor eve@example.org --json")
      #expect(log.split(separator: "\n").count == 1 && log.contains("tokens/"), "\(log)")
    }
  }

  @Test func nothingIsDoneForAUserWithoutAnAccount() throws {
    try CommandSession.withService { session in
      _ = try session.succeed(
        "echo '{\"task_type\": \"digest\", \"status\": \"pending\"}' | daybook put tasks/0190a4f0-7c00-7000-8000-000000000001"
      )
      #expect(try session.run("daybook task list --user eve").status == 0)
      _ = try session.succeed("echo 'correct horse battery' | daybook user add owner --password-stdin")
      let refused = try session.run("daybook task list --user eve")
      #expect(refused.status == 3 && refused.errors.contains("eve"), "\(refused)")
      #expect(try session.run("daybook task list --user OWNER").status == 0)
    }
  }
}
