import Daybook
import Documents
import Testing

@testable import DaybookRuntime

@Suite struct PayloadTests {
  @Test func bytesOfAnyTypeComeBackAsTheyWere() throws {
    for bytes in [
      [], [0x81, 0xA1, 0x61, 0x01], Array("{\"a\": 1}\n".utf8), [0], [0xFF, 0xFE], Array("é\u{FEFF}".utf8),
    ] {
      let payload = Payload(type: "msgpack", bytes: bytes)
      let text = JSONText(formatting: .object(payload.members))
      let read = try Payload(text.root)
      #expect(read == payload)
      #expect(try read.bytes() == bytes)
      #expect(read.type == "msgpack")
    }
  }

  @Test func bytesThatAreTextCanBeReadAndOthersAreBase64() {
    #expect(Payload(type: "json", bytes: Array("[1]".utf8)).members == ["type": "json", "text": "[1]"])
    #expect(Payload(type: "msgpack", bytes: [0x91, 0x01]).members == ["type": "msgpack", "base64": "kQE="])
    #expect(Payload(type: "bytes", bytes: [0x41, 0x00]).members == ["type": "bytes", "base64": "QQA="])
    #expect(Payload.json(["a": 1]).members == ["json": ["a": 1]])
  }

  @Test(
    arguments: [
      nil, [], "text", [:], ["type": "msgpack"], ["base64": "kQE="], ["type": "msgpack", "base64": "kQE"],
      ["type": "msgpack", "base64": "kQE=", "text": "x"], ["json": 1, "type": "json"], ["type": 1, "text": "x"],
    ] as [JSONValue?])
  func whatIsNoPayloadIsRefused(value: JSONValue?) {
    let error = #expect(throws: StoreError.self) { try Payload(checking: value) }
    #expect(error?.code == .invalid)
  }
}
