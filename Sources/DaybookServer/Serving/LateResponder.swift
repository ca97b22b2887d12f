import Daybook
import HTTPTypes
import Hummingbird
import Synchronization

/// Stands before the responder until that can be made: the server's port is known only when it listens.
final class LateResponder: HTTPResponder {
  private let responder = Mutex<Responder?>(nil)

  func open(_ responder: Responder) { self.responder.withLock { $0 = responder } }

  func respond(to request: Request, context: Connection) async throws -> Response {
    guard let responder = responder.withLock({ $0 }) else {
      return Answer.problem(Problem(.serviceUnavailable, code: .busy, "The service is starting.")).response
    }
    return try await responder.respond(to: request, context: context)
  }
}
