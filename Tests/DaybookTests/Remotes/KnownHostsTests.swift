import Documents
import Git
import Testing

@testable import Daybook

@Suite struct KnownHostsTests {
  private static let key = HostKey(bytes: [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [1, 2, 3])
  private static let other = HostKey(bytes: [0, 0, 0, 7] + Array("ssh-rsa".utf8) + [9])

  private func verdict(_ text: String, _ host: String = "git.example.org", _ port: Int = 22) -> HostKeyVerdict {
    let text = text.replacing("KEY", with: "ssh-ed25519 \(Base64.encode(Self.key.bytes))")
      .replacing("OTHER", with: "ssh-rsa \(Base64.encode(Self.other.bytes))")
    return KnownHosts(parsing: text).verdict(on: Self.key, of: host, port: port)
  }

  @Test func aKeyIsKnownByTheNameOfItsHost() {
    #expect(Self.key.type == "ssh-ed25519")
    #expect(verdict("git.example.org KEY a comment\n") == .known)
    #expect(verdict("# a list\n\nother,git.example.org,10.0.0.1 KEY\r\n") == .known)
    #expect(verdict("Git.Example.org KEY") == .known)
    #expect(verdict("*.example.org KEY") == .known)
    #expect(verdict("g?t.*.org KEY") == .known)
    #expect(verdict("other.example.org OTHER\ngit.example.org KEY") == .known)
  }

  @Test func aPortIsPartOfTheName() {
    #expect(verdict("[git.example.org]:2222 KEY", port: 2222) == .known)
    #expect(verdict("git.example.org KEY", port: 2222) == .unknown)
    #expect(verdict("[git.example.org]:2222 KEY") == .unknown)
  }

  private func verdict(_ text: String, port: Int) -> HostKeyVerdict { verdict(text, "git.example.org", port) }

  @Test(arguments: [
    "", "other.example.org KEY", "*.example.com KEY", "git.example.org,!git.example.org KEY", "git.example.org",
    "git.example.org ssh-ed25519 no*base64", "@cert-authority git.example.org KEY", "|1|AAAA KEY",
    "evil-git.example.org KEY", "git.example.orgs KEY",
  ])
  func whatNobodyVouchedForIsUnknown(_ text: String) {
    #expect(verdict(text) == .unknown)
  }

  @Test(arguments: [
    "git.example.org OTHER", "@revoked git.example.org KEY", "git.example.org KEY\n@revoked * KEY",
  ])
  func anotherOrARevokedKeyIsAChange(_ text: String) {
    #expect(verdict(text) == .changed)
  }

  /// As `ssh-keygen -H` wrote it.
  @Test func aHiddenNameIsFound() {
    let salt: [UInt8] = Array(1...20)
    let name = Base64.encode(HostKey.hiddenName("git.example.org", salt: salt))
    #expect(verdict("|1|\(Base64.encode(salt))|\(name) KEY") == .known)
    #expect(verdict("|1|\(Base64.encode(salt))|\(name) KEY", "other") == .unknown)
    // RFC 2202's second case.
    #expect(
      Base64.encode(HostKey.hiddenName("what do ya want for nothing?", salt: Array("Jefe".utf8)))
        == "7/zfauXrL6LSdBbV8YTfnCWafHk=")
  }

  @Test func aPatternOfManyStarsTakesNoTime() {
    let pattern = String(repeating: "*a", count: 200)
    #expect(verdict("\(pattern)b KEY", String(repeating: "a", count: 5_000), 22) == .unknown)
  }
}
