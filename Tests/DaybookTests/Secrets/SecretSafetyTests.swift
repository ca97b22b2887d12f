import Documents
import Sodium
import TestSupport
import Testing

@testable import Daybook

/// What an attacker who can write to the repository, or read errors, may try.
@Suite struct SecretSafetyTests {
  private let canary = "canary-7f3a9c-correct-horse-battery"
  private let secrets = secretPaths("a", "b", "list.[].k")

  private func seal(_ text: String, _ sealer: Sealer, _ place: DocumentAddress, previous: JSONText? = nil) throws
    -> JSONText
  {
    try sealer.seal(JSONText(parsing: text), secrets: secrets, address: place, previous: previous)
  }

  @Test func anEnvelopeOpensNowhereButInItsPlace() throws {
    let ring = try KeyRing.fresh(storeID: thisStore, created: "")
    let home = try Sealer(storeID: thisStore, ring: ring)
    let other = try Sealer(storeID: "other-store", ring: KeyRing(storeID: "other-store", keys: ring.keys))
    let one = try address("profiles/llm", "one")
    let value = try #require(seal("{\"a\": \"\(canary)\"}", home, one).root["a"]?.string)
    let element = #"{"list": [{"id": "x", "k": "VALUE"}]}"#

    for (text, sealer, place) in [
      (#"{"b": "VALUE"}"#, home, one), (element, home, one),
      (#"{"a": "VALUE"}"#, home, try address("profiles/llm", "two")),
      (#"{"a": "VALUE"}"#, home, try address("profiles/rsshub", "one")), (#"{"a": "VALUE"}"#, other, one),
    ] {
      let moved = text.replacing("VALUE", with: value)
      let opening = storeError { _ = try sealer.reveal(JSONText(parsing: moved), secrets: secrets, address: place) }
      #expect(opening?.code == .damaged, "\(text)")
      #expect(storeError { _ = try seal(moved, sealer, place) }?.code == .invalid, "\(text)")
    }
    let inPlace = try JSONText(parsing: "{\"a\": \"\(value)\"}")
    #expect(try home.reveal(inPlace, secrets: secrets, address: one).string == "{\"a\": \"\(canary)\"}")
  }

  @Test func elementsCannotExchangeTheirSecrets() throws {
    let sealer = try Sealer.fresh()
    let one = try address("c", "one")
    let sealed = try seal(#"{"list": [{"id": "x", "k": "1"}, {"id": "y", "k": "2"}]}"#, sealer, one)
    let reordered = sealed.string.replacing(#""x""#, with: "?").replacing(#""y""#, with: #""x""#).replacing(
      "?", with: #""y""#)
    let opening = storeError { _ = try sealer.reveal(JSONText(parsing: reordered), secrets: secrets, address: one) }
    #expect(opening?.code == .damaged)
    #expect(storeError { _ = try seal(reordered, sealer, one, previous: sealed) }?.code == .invalid)
  }

  @Test func anElementMayMoveWithItsID() throws {
    let sealer = try Sealer.fresh()
    let one = try address("c", "one")
    let sealed = try seal(#"{"list": [{"id": "x", "k": "1"}, {"id": "y", "k": "2"}]}"#, sealer, one)
    let values = try #require(sealed.root["list"]).elements.compactMap { $0["k"]?.string }
    let moved = "{\"list\": [{\"id\": \"y\", \"k\": \"\(values[1])\"}, {\"id\": \"x\", \"k\": \"\(values[0])\"}]}"
    #expect(
      try sealer.reveal(JSONText(parsing: moved), secrets: secrets, address: one).string
        == #"{"list": [{"id": "y", "k": "2"}, {"id": "x", "k": "1"}]}"#)
  }

  @Test func noEnvelopeOfOneSecretTakesTheNonceOrBoxOfAnother() throws {
    let sealer = try Sealer.fresh()
    let one = try address("c", "one")
    let parts = try (0..<2).map { _ in
      try Envelope(parsing: #require(seal(#"{"a": "v"}"#, sealer, one).root["a"]?.string))
    }
    var mixed = parts[0]
    mixed.box = parts[1].box
    let text = try JSONText(parsing: "{\"a\": \"\(mixed.text)\"}")
    #expect(storeError { _ = try sealer.reveal(text, secrets: secrets, address: one) }?.code == .damaged)
  }

  @Test func thePlaintextIsInNoSealedTextAndInNoDescription() throws {
    let sealer = try Sealer.fresh()
    let sealed = try seal(
      "{\"a\": \"\(canary)\", \"list\": [{\"id\": \"x\", \"k\": \"\(canary)\"}]}", sealer, address("c", "one"))
    #expect(!sealed.string.contains("canary"))
    var dumped = ""
    dump(sealer, to: &dumped)
    let key = try #require(sealer.ring?.keys[0].secret.exportedBytes())
    #expect(!dumped.contains(key.map { "\($0)" }.joined(separator: ", ")))
  }

  /// Every way to fail that there is, each with the canary where a careless message would quote it.
  @Test func noErrorQuotesTheValueOrTheEnvelope() throws {
    let sealer = try Sealer.fresh()
    let stranger = try Sealer.fresh()
    let one = try address("c", "one")
    let sealed = try seal("{\"a\": \"\(canary)\"}", sealer, one)
    let envelope = try #require(sealed.root["a"]?.string)
    let parts = envelope.split(separator: ":").suffix(2).map(String.init)
    var retired = try #require(sealer.ring?.keys[0])
    retired.state = .retired
    let old = try sealer.with(KeyRing(storeID: thisStore, keys: [retired]))
    let keyless = try sealer.with(nil)

    let attempts: [(String, Sealer)] = [
      ("{\"a\": \"\(canary)\"}", keyless), ("{\"a\": \"\(canary)\"}", old),
      ("{\"a\": [\"\(canary)\"]}", sealer),
      ("{\"a\": \"sealed:\(canary)\"}", sealer), ("{\"a\": \"sealed:2:\(canary)\"}", sealer),
      ("{\"list\": [{\"k\": \"\(canary)\"}]}", sealer), ("{\"b\": \"\(envelope)\"}", sealer),
      ("{\"a\": \"\(envelope)\"}", stranger), ("{\"a\": \"\(envelope)\"}", keyless),
    ]
    var errors = attempts.map { text, sealer in storeError { _ = try seal(text, sealer, one) } }
    for other in [stranger, keyless] {
      errors.append(storeError { _ = try other.reveal(sealed, secrets: secrets, address: one) })
    }
    errors.append(storeError { _ = try sealer.reveal(sealed, secrets: secrets, address: address("c", "two")) })
    for error in errors {
      let error = try #require(error)
      var told = "\(error)"
      dump(error, to: &told)
      for unspeakable in ["canary"] + parts { #expect(!told.contains(unspeakable)) }
      #expect(error.document?.hasPrefix("c/") == true)
      #expect(["/a ", "/b ", "/list/0/k "].contains { error.message.contains($0) }, "\(error.message)")
    }
  }

  /// Random documents and writes against a dictionary of what every secret should open to.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func anySequenceOfWritesOpensToWhatWasWritten(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let sealer = try Sealer.fresh()
    let place = try address("c", "one")
    var expected: [String: String] = [:]
    var stored: JSONText?
    for step in 0..<40 {
      var written: [String: String] = [:]
      for name in ["a", "b"] where Bool.random(using: &random) {
        let isKept = expected[name] != nil && Bool.random(using: &random)
        let envelope = stored?.root[name]?.string
        written[name] =
          isKept
          ? [Envelope.mask, envelope, expected[name]].compactMap(\.self).randomElement(using: &random)
          : String(repeating: "s", count: .random(in: 0..<70, using: &random))
        if !isKept { expected[name] = written[name] }
      }
      expected = expected.filter { written[$0.key] != nil }
      let text = "{" + written.sorted(by: <).map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ") + "}"
      let sealed = try seal(text, sealer, place, previous: stored)
      for (name, value) in written where value == Envelope.mask || value.hasPrefix(Envelope.prefix) {
        #expect(sealed.root[name]?.string == stored?.root[name]?.string, "seed \(seed), step \(step)")
      }
      let opened = try sealer.reveal(sealed, secrets: secrets, address: place)
      let found = Dictionary(uniqueKeysWithValues: opened.root.members.map { ($0.key, $0.value.string ?? "") })
      #expect(found == expected, "seed \(seed), step \(step)")
      stored = sealed
    }
  }
}
