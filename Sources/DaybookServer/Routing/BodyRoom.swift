import Daybook
import HTTPTypes
import Synchronization

/// How many bytes the bodies of all requests may have together, from when they come until their request is answered. So
/// memory is bounded however many clients send at once.
final class BodyRoom: Sendable {
  /// What one request has taken. Given back when nobody holds it any more.
  final class Share: Sendable {
    private let room: BodyRoom
    private let bytes = Mutex(0)

    fileprivate init(_ room: BodyRoom) { self.room = room }

    /// - Throws: a problem when there is no room.
    func take(_ count: Int) throws(Problem) {
      let isTaken = room.state.withLock { state in
        guard state.taken + count <= room.limit else { return false }
        state.taken += count
        state.received += count
        return true
      }
      guard isTaken else {
        var problem = Problem(
          .serviceUnavailable, code: .busy, "Too much is sent to the service at this moment.", hint: "Try again soon.")
        problem.headers[.retryAfter] = "1"
        throw problem
      }
      bytes.withLock { $0 += count }
    }

    deinit {
      let bytes = bytes.withLock { $0 }
      room.state.withLock { $0.taken -= bytes }
    }
  }

  private let limit: Int
  private let state = Mutex((taken: 0, received: 0))

  init(_ limit: Int) { self.limit = limit }

  var share: Share { Share(self) }
  /// How many bytes are taken now.
  var count: Int { state.withLock { $0.taken } }
  /// How many bytes there ever were.
  var received: Int { state.withLock { $0.received } }
}
