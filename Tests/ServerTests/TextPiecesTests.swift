import Hummingbird
import NIOCore
import Testing

@testable import DaybookServer

/// Texts that come in pieces, cut anywhere.
struct TextPiecesTests {
  private static let text = "Zwei Wochenenden im Frühling – 春の週末 🌷 e\u{301}"

  private static func read(_ parts: [[UInt8]], limit: Int = 1_000) async throws -> String {
    let body = RequestBody(
      asyncSequence: AsyncStream { continuation in
        for part in parts { continuation.yield(ByteBuffer(bytes: part)) }
        continuation.finish()
      })
    var text = ""
    let bytes = RequestBytes(body: body, limit: limit, room: BodyRoom(10_000).share)
    for try await piece in TextPieces(bytes: bytes) { text += piece }
    return text
  }

  @Test func aTextIsTheSameWhereverItIsCut() async throws {
    let bytes = Array(Self.text.utf8)
    for first in 0...bytes.count {
      for second in stride(from: first, through: bytes.count, by: 3) {
        let parts = [bytes[..<first], bytes[first..<second], bytes[second...]].map { Array($0) }
        #expect(Array(try await Self.read(parts).utf8) == bytes)
      }
    }
    #expect(Array(try await Self.read(bytes.map { [$0] }).utf8) == bytes)
  }

  @Test(
    arguments: [
      [[0xFF]], [[0x61, 0xC3]], [[0xE2], [0x28, 0xA1]], [[0xF0, 0x9F], [0x8C]], [[0x80]], [[0xC3], [0xC3]],
    ] as [[[UInt8]]])
  func whatIsNoTextIsRefused(parts: [[UInt8]]) async {
    let problem = await #expect(throws: Problem.self) { _ = try await Self.read(parts) }
    #expect(problem?.detail == "The body is no UTF-8.")
  }

  @Test func aTextOverItsLimitIsRefused() async {
    let parts = [Array("abcde".utf8), Array("fghij".utf8)]
    let problem = await #expect(throws: Problem.self) { _ = try await Self.read(parts, limit: 9) }
    #expect(problem?.code == "limit")
  }
}
