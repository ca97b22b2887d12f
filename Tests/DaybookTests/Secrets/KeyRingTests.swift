import Documents
import Sodium
import Testing

@testable import Daybook

@Suite struct KeyRingTests {
  private func ring() throws -> KeyRing {
    let states: [DataKey.State] = [.retired, .openOnly, .openOnly, .active]
    return KeyRing(
      storeID: thisStore,
      keys: try states.enumerated().map { position, state in
        try DataKey(created: "2026-11-2\(position)T07:00:00Z", state: state, secret: .random())
      })
  }

  @Test func aFreshRingHasOneActiveKey() throws {
    let ring = try KeyRing.fresh(storeID: thisStore, created: "2026-11-21T07:00:00Z")
    #expect(ring.keys.count == 1)
    #expect(ring.active?.id == ring.keys[0].id)
    #expect(ring.keys[0].created == "2026-11-21T07:00:00Z")
  }

  @Test func readsBackWhatItWrites() throws {
    let ring = try ring()
    let read = try KeyRing(parsing: ring.fileBytes)
    #expect(read.storeID == ring.storeID)
    #expect(read.keys.map(\.id) == ring.keys.map(\.id))
    #expect(read.keys.map(\.created) == ring.keys.map(\.created))
    #expect(read.keys.map(\.state) == ring.keys.map(\.state))
    #expect(read.keys.map { $0.secret.exportedBytes() } == ring.keys.map { $0.secret.exportedBytes() })
    #expect(read.fileBytes == ring.fileBytes)
  }

  /// The format is for ever: people keep copies of this file.
  @Test func theFileLooksLikeThis() throws {
    let key = try DataKey(created: "2026-11-21T07:00:00Z", state: .active, secret: SecretKey(bytes: Array(0..<32)))
    let ring = KeyRing(storeID: "my-store", keys: [key])
    #expect(
      String(decoding: ring.fileBytes, as: UTF8.self) == """
        {
          "format": 1,
          "store": "my-store",
          "keys": [
            {"id": "\(key.id)", "created": "2026-11-21T07:00:00Z", "state": "active", \
        "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}
          ]
        }

        """)
    #expect(key.id.description == "M476UwatUFaWjMiK3oiViw")
  }

  @Test func aKeyIsFoundByItsID() throws {
    let ring = try ring()
    for key in ring.keys { #expect(ring[key.id]?.created == key.created) }
    #expect(ring[try KeyID(of: .random())] == nil)
  }

  @Test func noCharacterOfAKeyCanBeChangedUnnoticed() throws {
    let ring = try KeyRing.fresh(storeID: thisStore, created: "2026-11-21T07:00:00Z")
    let bytes = ring.fileBytes
    let marker = Array(#""key": ""#.utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: marker) }) + marker.count
    for position in start..<start + 43 {
      for character in Array("AZaz09-_=\"\\ ".utf8) where character != bytes[position] {
        var changed = bytes
        changed[position] = character
        #expect(throws: KeyRingError.self, "character \(position)") { try KeyRing(parsing: changed) }
      }
    }
  }

  @Test func refusesAFileThatIsCutShortAnywhere() throws {
    let bytes = try ring().fileBytes
    for count in 0..<bytes.count - 2 {
      #expect(throws: KeyRingError.self, "\(count) bytes") { try KeyRing(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test func refusesTheSameKeyTwiceAndTwoActiveKeys() throws {
    let one = try DataKey(created: "", state: .active, secret: .random())
    let two = try DataKey(created: "", state: .active, secret: .random())
    var sameAgain = one
    sameAgain.state = .openOnly
    #expect(!KeyRing.isConsistent([one, two]))
    #expect(!KeyRing.isConsistent([one, sameAgain]))
    let text = String(decoding: KeyRing(storeID: thisStore, keys: [one]).fileBytes, as: UTF8.self)
    let line = try #require(text.split(separator: "\n").first { $0.contains("\"key\"") })
    let doubled = text.replacing(line, with: "\(line),\n\(line)")
    #expect(throws: KeyRingError.damaged("it has a key twice, or two active keys")) {
      try KeyRing(parsing: Array(doubled.utf8))
    }
  }

  @Test func tellsANewerFormatFromDamage() {
    #expect(throws: KeyRingError.newerFormat) { try KeyRing(parsing: Array(#"{"format": 2, "x": []}"#.utf8)) }
    for text in [
      "", "{}", "[]", #"{"format": "1"}"#, #"{"format": 1}"#, #"{"format": 1, "store": "s"}"#,
      #"{"format": 1, "store": "s", "keys": {}}"#, #"{"format": 1, "store": "s", "keys": [1]}"#,
      #"{"format": 1, "store": "s", "keys": [{}]}"#,
    ] {
      let error = #expect(throws: KeyRingError.self) { try KeyRing(parsing: Array(text.utf8)) }
      #expect(error != .newerFormat, "\(text)")
    }
  }

  @Test func refusesAKeyInAStateItDoesNotKnow() throws {
    let text = String(decoding: try ring().fileBytes, as: UTF8.self).replacing("open-only", with: "burnt")
    #expect(throws: KeyRingError.damaged("key number 2 is not whole")) { try KeyRing(parsing: Array(text.utf8)) }
  }
}
