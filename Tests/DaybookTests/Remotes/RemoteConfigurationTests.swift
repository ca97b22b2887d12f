import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook

@Suite struct RemoteConfigurationTests {
  private let temporary: TemporaryStore
  private let configuration: RemoteConfiguration

  init() throws {
    temporary = try TemporaryStore()
    configuration = RemoteConfiguration(of: temporary.path)
  }

  private func add(_ name: String, _ address: String, _ secret: RemoteSetup.Secret? = nil) throws {
    try RemoteSetup(name, at: address, user: nil, secret: secret)
      .add(toStoreAt: temporary.path, environment: temporary.environment)
  }

  private func credential(_ name: String) throws -> Credential? {
    let remote = try RemoteName(name)
    let credentials = RemoteCredentials(environment: temporary.environment) { _ in nil }
    return try credentials.credential(
      of: remote, at: configuration.address(of: remote), forStoreAt: temporary.path)
  }

  @Test func gitKnowsTheRemotesToo() throws {
    try add("origin", "https://git.example.org/ann/store.git")
    try add("usb", "/media/usb/store.git")
    #expect(
      try temporary.git("remote", "-v").split(separator: "\n").first
        == "origin\thttps://git.example.org/ann/store.git (fetch)")
    #expect(try configuration.remotes().map(\.name) == ["origin", "usb"])
    try temporary.git("remote", "add", "other", "git://host/s")
    try temporary.git("remote", "add", "open", "https://ann:canary@host/s")
    let others = try configuration.remotes().filter { $0.problem != nil }
    #expect(others.map(\.address) == ["https://…@host/s", "git://host/s"])
    #expect(throws: StoreError.self) { try configuration.address(of: RemoteName("other")) }
    try RemoteSetup.remove("usb", fromStoreAt: temporary.path, environment: temporary.environment)
    #expect(try configuration.remotes().map(\.name) == ["open", "origin", "other"])
  }

  @Test(arguments: ["", "-x", "a b", "a/b", "..", "a.lock", "ö", String(repeating: "a", count: 65)])
  func aNameThatNoRefCanHaveIsRefused(_ name: String) throws {
    let error = #expect(throws: StoreError.self) { try RemoteName(name) }
    #expect(error?.code == .usage)
  }

  @Test func aNameIsTakenOnce() throws {
    try add("origin", "https://host/a", .token("first"))
    let error = #expect(throws: StoreError.self) { try add("origin", "https://host/b", .token("second")) }
    #expect(error?.code == .refused)
    #expect(try configuration.address(of: RemoteName("origin")).text == "https://host/a")
    #expect(try credential("origin") == .password(user: "git", password: "first"))
  }

  @Test func aTokenIsKeptOutsideOfTheStoreForItsOwnerAlone() throws {
    try add("origin", "https://ann@host/a", .token("canary"))
    #expect(try credential("origin") == .password(user: "ann", password: "canary"))
    #expect(throws: (any Error).self) {
      try Command.run("/usr/bin/env", ["grep", "-rq", "canary", temporary.path])
    }
    let id = try Store.id(at: temporary.path)
    let file = "\(temporary.folder)/config/daybook/remotes/\(id)/origin.json"
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
    #expect(throws: StoreError.self) { try credential("origin") }
    try RemoteSetup.remove("origin", fromStoreAt: temporary.path, environment: temporary.environment)
    #expect(!FileManager.default.fileExists(atPath: file))
  }

  @Test func aTokenIsNotSentToAnotherServerThanItWasGivenFor() throws {
    try add("origin", "https://host/a", .token("canary"))
    try temporary.git("remote", "set-url", "origin", "https://evil.example.org/a")
    let error = #expect(throws: StoreError.self) { try credential("origin") }
    #expect(error?.code == .refused)
    #expect(error.map { "\($0)".contains("canary") } == false)
    try temporary.git("remote", "set-url", "origin", "https://host/b")
    #expect(try credential("origin") != nil)
  }

  /// All copies of a store on this machine keep what opens their remotes in one place.
  @Test func whatOpensTheRemoteOfAnotherCopyStays() throws {
    try add("origin", "https://host/a", .token("canary"))
    let copy = "\(temporary.folder)/copy"
    _ = try Command.run("/bin/cp", ["-a", temporary.path, copy])
    try RemoteConfiguration(of: copy).remove(RemoteName("origin"))
    func addToCopy(_ address: String, _ secret: RemoteSetup.Secret?) throws {
      try RemoteSetup("origin", at: address, user: nil, secret: secret)
        .add(toStoreAt: copy, environment: temporary.environment)
    }
    for secret in [RemoteSetup.Secret.token("x"), nil] {
      let error = #expect(throws: StoreError.self) { try addToCopy("https://other/a", secret) }
      #expect(error?.code == .refused && error?.message.contains("https://host:443") == true)
    }
    try addToCopy("/srv/a", nil)
    try RemoteSetup.remove("origin", fromStoreAt: copy, environment: temporary.environment)
    try addToCopy("https://host/b", nil)
    #expect(try credential("origin") == .password(user: "git", password: "canary"))
  }

  @Test func aSecretIsForAnAddressThatTakesIt() throws {
    for (address, secret) in [
      ("ssh://host/a", RemoteSetup.Secret.token("x")), ("/srv/a", .token("x")), ("https://host/a", .token("a\nb")),
      ("https://host/a", .token("")), ("https://host/a", .key("/k", passphrase: "")),
    ] {
      let error = #expect(throws: StoreError.self) { try add("origin", address, secret) }
      #expect(error?.code == .usage)
    }
    #expect(try configuration.remotes() == [])
  }

  @Test func gitsHelperIsAskedWhereNothingIsKept() throws {
    try add("origin", "https://host:8443/a/b")
    let origin = try RemoteName("origin")
    let credentials = RemoteCredentials(environment: temporary.environment) { question in
      #expect(String(decoding: question, as: UTF8.self) == "protocol=https\nhost=host:8443\npath=a/b\n\n")
      return Array("protocol=https\nusername=ann\npassword=p=q\n".utf8)
    }
    let found = try credentials.credential(
      of: origin, at: configuration.address(of: origin), forStoreAt: temporary.path)
    #expect(found == .password(user: "ann", password: "p=q"))
  }

  @Test func sshTakesTheAgentElseTheUsualKey() throws {
    try add("origin", "git@host:a")
    #expect(try credential("origin") == nil)
    try FileManager.default.createDirectory(atPath: "\(temporary.folder)/.ssh", withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: "\(temporary.folder)/.ssh/id_ed25519"))
    #expect(try credential("origin") == .key(user: nil, file: "\(temporary.folder)/.ssh/id_ed25519", passphrase: ""))
    let environment = temporary.environment.merging(["SSH_AUTH_SOCK": "/agent"]) { $1 }
    let credentials = RemoteCredentials(environment: environment) { _ in nil }
    let origin = try RemoteName("origin")
    #expect(
      try credentials.credential(
        of: origin, at: configuration.address(of: origin), forStoreAt: temporary.path) == .agent(user: nil))
  }
}
