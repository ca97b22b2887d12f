import Daybook
import Hummingbird
import NIOCore
import NIOHTTP1

/// The bytes of a request's body as they come: not more than a limit, and not more than there is room for. What goes wrong on
/// the way becomes a problem that says so.
struct RequestBytes: AsyncSequence, Sendable {
  let body: RequestBody
  let limit: Int
  let room: BodyRoom.Share

  func makeAsyncIterator() -> Iterator {
    Iterator(parts: body.makeAsyncIterator(), limit: limit, room: room)
  }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var parts: RequestBody.AsyncIterator
    fileprivate let limit: Int
    fileprivate let room: BodyRoom.Share
    private var count = 0

    fileprivate init(parts: RequestBody.AsyncIterator, limit: Int, room: BodyRoom.Share) {
      self.parts = parts
      self.limit = limit
      self.room = room
    }

    /// - Throws: a problem for a body that is too large (413), too slow (408), breaks off or is no HTTP (400), or for which
    ///   there is no room now (503).
    mutating func next() async throws -> ByteBuffer? {
      let part: ByteBuffer?
      do {
        part = try await parts.next()
      } catch RequestFault.tooSlow {
        throw Problem(.requestTimeout, code: .usage, "The body does not come, or too slowly.")
      } catch is HTTPParserError {
        throw Problem(.badRequest, code: .usage, "The body breaks off, or is not well formed HTTP.")
      }
      guard let part else { return nil }
      count += part.readableBytes
      guard count <= limit else { throw Problem.bodyTooLarge(limit) }
      try room.take(part.readableBytes)
      return part
    }
  }
}

extension Problem {
  static func bodyTooLarge(_ limit: Int) -> Problem {
    Problem(.contentTooLarge, code: .limit, "The body may have at most \(limit) bytes.")
  }
}

/// A text that comes in pieces: what was received of it by now, in whole characters.
struct TextPieces: AsyncSequence, Sendable {
  let bytes: RequestBytes

  func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes.makeAsyncIterator()) }

  struct Iterator: AsyncIteratorProtocol {
    fileprivate var bytes: RequestBytes.Iterator
    /// The beginning of a character that was cut in two.
    private var cut: [UInt8] = []

    fileprivate init(bytes: RequestBytes.Iterator) { self.bytes = bytes }

    /// - Throws: also a problem for what is no UTF-8 (400).
    mutating func next() async throws -> String? {
      guard let part = try await bytes.next() else {
        if cut.isEmpty { return nil }
        throw Self.noText
      }
      let received = cut + Array(part.readableBytesView)
      let whole = received.count - Self.cutBytes(received)
      cut = Array(received[whole...])
      guard let text = String(validating: received[..<whole], as: UTF8.self) else { throw Self.noText }
      return text
    }

    static var noText: Problem { Problem(.badRequest, code: .invalid, "The body is no UTF-8.") }

    /// How many bytes at the end begin a character and do not end it.
    private static func cutBytes(_ bytes: [UInt8]) -> Int {
      for (distance, byte) in bytes.reversed().prefix(3).enumerated() where byte & 0xC0 != 0x80 {
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
        return length > distance + 1 ? distance + 1 : 0
      }
      return 0
    }
  }
}
