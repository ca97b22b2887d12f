import Daybook
import DaybookRuntime
import HTTPTypes

/// A request that was found to be well formed, as its handler sees it.
struct Call: Sendable {
  let rooms: Rooms
  let endpoint: Endpoint
  /// Who asks, under the name of the request if it has one; nil for somebody of whom nothing is known, at an endpoint for
  /// anybody.
  let visitor: Caller?
  let peer: Peer
  /// Whether the caller would still be let in.
  let isStillAdmitted: @Sendable () -> Bool
  /// Whether something that only reads may also write what comes of that: nothing of another site's page makes it.
  let mayWrite: Bool
  let headers: HTTPFields
  /// The parameters of path and query that the endpoint declares; of a repeated one, all values in their order.
  let parameters: [String: [JSONValue]]
  /// Nil when the request has none.
  let sent: RequestContent?
  /// Lets something be done if the client goes before its answer has ended.
  let onHangUp: @Sendable (@escaping @Sendable () -> Void) -> Void

  var store: Store { rooms.store }

  /// Who asks, at an endpoint that is not for anybody.
  var caller: Caller {
    guard let visitor else { preconditionFailure("The endpoint is for anybody.") }
    return visitor
  }

  /// The store as the caller sees it now.
  var sight: Sight { Sight(caller, store.snapshot()) }

  /// Does what may take long away from the threads that all requests share: a few at once, and not at all for a client
  /// that goes before its turn.
  ///
  /// - Throws: `.busy` when too many wait.
  func apart<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await unlessGone { try await rooms.reading.run(work) }
  }

  /// Does something that gives up waiting for its turn when the client goes.
  func unlessGone<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let task = Task { try await work() }
    onHangUp { task.cancel() }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  // MARK: Parameters

  /// A parameter of the path, or one that the endpoint requires.
  subscript(name: String) -> String {
    guard let value = text(name) else { preconditionFailure("The endpoint does not require '\(name)'.") }
    return value
  }

  func text(_ name: String) -> String? { parameters[name]?.first?.string }
  func texts(_ name: String) -> [String] { parameters[name]?.compactMap(\.string) ?? [] }
  func integer(_ name: String) -> Int? { parameters[name]?.first?.integer }
  func flag(_ name: String) -> Bool { parameters[name]?.first?.bool ?? false }

  /// The address that the parameters `collection` and `id` of the path make.
  var address: String { "\(self["collection"])/\(self["id"])" }

  // MARK: Body

  /// The body, when it was read as a whole.
  var body: RequestText? { if case .whole(let text) = sent { text } else { nil } }

  /// The body, when it is read while it comes.
  var pieces: TextPieces? { if case .pieces(let pieces) = sent { pieces } else { nil } }

  /// The body of an endpoint that requires one.
  var content: RequestText {
    guard let body else { preconditionFailure("The endpoint does not require a body.") }
    return body
  }

  /// Whether the client wants bytes beside JSON rather than in it.
  var wantsFrames: Bool {
    headers[.accept]?.split(separator: ",").contains { MediaTypes.essence(String($0)) == MediaTypes.frames } ?? false
  }

  /// A member of the body.
  func member(_ name: String) -> JSONNode? { body?.text.root[name] }
}

/// The body of a request.
enum RequestContent: Sendable {
  case whole(RequestText)
  case pieces(TextPieces)

  /// All of them; none of what is still to come.
  var bytes: [UInt8] { if case .whole(let text) = self { text.text.bytes } else { [] } }
}

/// A body that was read as JSON.
struct RequestText: Sendable {
  let mediaType: String
  let text: JSONText
  /// The room that it takes up.
  let room: BodyRoom.Share
  /// What came beside it.
  var parts: [[UInt8]] = []
}
