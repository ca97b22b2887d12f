import Documents
import Foundation
import Sodium
import TestSupport
import Testing

@testable import Daybook

/// A secret that is like no other text is taken through everything that a store does, and then looked for everywhere.
@Suite struct CanaryTests {
  private static let canary = "c4n4ry-7f3a9c51-\u{e9}-\"quoted\"-horse"
  /// As it stands in a JSON text, and pieces of it, should something cut or escape it; also in the spellings in which bytes
  /// are often written.
  private static let forms: [String] = {
    let bytes = Array("c4n4ry-7f3a9c51".utf8)
    let encoded = (0..<3).map { shift in
      String(Data(Array(bytes.dropFirst(shift)).prefix(12)).base64EncodedString().prefix(15))
    }
    return ["c4n4ry", "7f3a9c51", bytes.prefix(12).map { String(format: "%02x", $0) }.joined()] + encoded
  }()

  private func profile(_ secret: String, _ name: String = "x") -> JSONValue {
    ["name": .string(name), "provider": "openai", "model": "m", "api_key": .string(secret)]
  }

  private func expectAbsent(_ bytes: some Sequence<UInt8>, _ place: String) {
    let text = String(decoding: Array(bytes), as: UTF8.self)
    for form in Self.forms where text.contains(form) { Issue.record("\(form) is in \(place)") }
  }

  @Test func noPlaintextOfASecretIsAnywhere() async throws {
    let temporary = try TemporaryStore()
    let log = RecordedLog()
    var options = temporary.options()
    options.logger = log.logger
    let store = try Store.openBlocking(at: temporary.path, options: options)
    var told: [String] = []
    func provoke(_ body: () async throws -> Void) async {
      do { try await body() } catch {
        told.append("\(error)")
        dump(error, to: &told[told.count - 1])
      }
    }

    // Written in every way, and left in every state between the log and the archive.
    let canary = Self.canary
    for durability in [Durability.memory, .durable, .committed] {
      try await store.transaction(durability: durability) {
        try $0.put("profiles/llm/\(durability.rawValue)", profile(canary))
        try $0.put("profiles/llm/gone", profile(canary))
      }
    }
    try await store.transaction { try $0.delete("profiles/llm/gone") }
    try await store.transaction {
      try $0.patch("profiles/llm/memory", merging: ["api_key": .string(canary + "2")])
      try $0.setSecret("profiles/llm/durable", try JSONPointer(parsing: "/api_key"), to: canary + "3")
      try $0.patch(
        "profiles/llm/committed", applying: JSONPatch([.replace(try JSONPointer(parsing: "/api_key"), .string(canary))])
      )
    }
    told += try store.plan { try $0.patch("profiles/llm/memory", merging: ["api_key": .string(canary)]) }.map(\.words)
    _ = try await store.rotateKeys()
    let bundle = try await store.exportKeys(passphrase: Array("c4n4ry-7f3a9c51-passphrase".utf8), cost: .least)
    try await store.wrapKeys(passphrase: Array("c4n4ry-7f3a9c51-passphrase".utf8), cost: .least)

    // What may go wrong, with the secret where a careless message would quote it.
    await provoke { try await store.transaction { try $0.put("profiles/llm/bad", ["api_key": .string(canary)]) } }
    await provoke { try await store.transaction { try $0.put("profiles/llm/bad", profile("sealed:" + canary)) } }
    await provoke {
      try await store.transaction { try $0.patch("profiles/llm/memory", merging: ["api_key": [.string(canary)]]) }
    }
    await provoke {
      try await store.transaction {
        try $0.setSecret("profiles/llm/memory", try JSONPointer(parsing: "/name"), to: canary)
      }
    }
    await provoke {
      try await store.transaction { try $0.patch("profiles/llm/none", merging: ["api_key": .string(canary)]) }
    }
    await provoke {
      try await store.transaction {
        try $0.patch(
          "profiles/llm/memory",
          applying: JSONPatch([
            .test(try JSONPointer(parsing: "/api_key"), .string(canary))
          ]))
      }
    }
    #expect(told.count >= 6)
    for (number, text) in told.enumerated() { expectAbsent(text.utf8, "message \(number)") }

    // The log as it stands before all of it is archived, then everything after the store was closed.
    try await store.transaction(durability: .durable) { try $0.put("profiles/llm/last", profile(canary)) }
    try searchFiles(of: temporary)
    _ = try await store.condense()
    try await store.close()
    try searchFiles(of: temporary)
    expectAbsent(
      try Command.run("/bin/sh", ["-c", "git -C '\(temporary.path)' cat-file --batch-all-objects --batch"]).utf8,
      "a Git object")
    expectAbsent(bundle, "the bundle")
    for line in log.lines { expectAbsent(line.utf8, "the debug log") }

    // And it was there to be found.
    var reading = temporary.options()
    reading.environment["DAYBOOK_KEYS_PASSPHRASE"] = "c4n4ry-7f3a9c51-passphrase"
    let again = try Store.openBlocking(at: temporary.path, options: reading)
    let last = try #require(try again.snapshot().document("profiles/llm/last"))
    #expect(try again.snapshot().revealed(last).root["api_key"]?.string == canary)
    try await again.close()
  }

  /// Every file of the store and of the folder with its keys.
  private func searchFiles(of temporary: TemporaryStore) throws {
    let files = try #require(FileManager.default.enumerator(atPath: temporary.folder))
    var count = 0
    for case let name as String in files {
      guard let bytes = FileManager.default.contents(atPath: "\(temporary.folder)/\(name)") else { continue }
      expectAbsent(bytes, name)
      count += 1
    }
    #expect(count > 10)
  }
}
