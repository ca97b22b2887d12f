import Daybook
import Documents
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Watches over one connection: closes it when nobody is at its other end, or somebody who sends or reads too slowly,
/// and tells who answers when the client has gone.
///
/// It stands between HTTP and the server. `Exchange` decides; here are the clock and the channel.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Asks to be told when the client goes before its answer has ended. Sent to the channel, as is a `BodyPace.Rule` by
  /// who expects a body at another pace than most.
  struct HangUp: Sendable {
    let act: @Sendable () -> Void
  }

  private let patience: Patience
  private let addresses: AddressCounts
  private var exchange: Exchange
  private var timer: (due: NIODeadline, task: Scheduled<Void>)?
  private var stall: Scheduled<Void>?
  private var hangUps: [HangUp] = []
  private var hasGone = false
  /// Why what came last is no request.
  private var fault: HTTPParserError?

  init(_ patience: Patience, _ addresses: AddressCounts) {
    self.patience = patience
    self.addresses = addresses
    exchange = Exchange(patience, at: .now())
  }

  // MARK: Beginning and end

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard let place = addresses.take(context.remoteAddress?.ipAddress) else { return context.close(promise: nil) }
    context.channel.closeFuture.whenComplete { _ in place.leave() }
    exchange = Exchange(patience, at: context.eventLoop.now)
    arm(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.task.cancel()
    stall?.cancel()
    clientGoes()
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? ChannelEvent, event == .inputClosed { clientGoes() }
    context.fireUserInboundEventTriggered(event)
  }

  private func clientGoes() {
    hasGone = true
    for hangUp in hangUps { hangUp.act() }
    hangUps = []
  }

  // MARK: What comes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let now = context.eventLoop.now
    let part = unwrapInboundIn(data)
    switch part {
    case .head: exchange.requestBegins(at: now)
    case .body(let bytes): exchange.bodyComes(bytes.readableBytes, at: now)
    case .end: exchange.requestEnds()
    }
    if exchange.isHeard { return context.fireChannelRead(data) }
    if case .end = part, exchange.phase != .deaf { context.close(promise: nil) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    arm(context)
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? HTTPParserError { fault = error }
    context.fireErrorCaught(error)
  }

  // MARK: What goes

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if exchange.hasNoRequest, let fault { return tell(fault, context, promise) }
      exchange.answerBegins()
      guard exchange.isCutShort else { break }
      head.headerFields[.connection] = "close"
      return context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: break
    case .end:
      exchange.answerEnds(at: context.eventLoop.now)
      hangUps = []
      arm(context)
    }
    context.write(data, promise: promise)
  }

  /// Says what is wrong, in place of the server, which has a bare status for what is no request.
  private func tell(_ fault: HTTPParserError, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    let problem = Problem(fault)
    let bytes = JSONValue.object(problem.json).compactBytes
    let fields: HTTPFields = [
      .contentType: MediaTypes.problem, .contentLength: String(bytes.count), .connection: "close",
    ]
    context.write(wrapOutboundOut(.head(HTTPResponse(status: problem.status, headerFields: fields))), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: promise)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event {
    case let rule as BodyPace.Rule:
      exchange.expect(rule)
      arm(context)
      promise?.succeed()
    case let hangUp as HangUp:
      if hasGone { hangUp.act() } else { hangUps.append(hangUp) }
      promise?.succeed()
    default: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  // MARK: Deadlines

  /// Sees to it that the deadline is looked at when it is due. A timer that is early stays: most deadlines are put off
  /// again and again, and never come.
  private func arm(_ context: ChannelHandlerContext) {
    guard let due = exchange.deadline else { return }
    if let timer, timer.due <= due { return }
    timer?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.look(context) }
    timer = (due, task)
  }

  private func look(_ context: ChannelHandlerContext) {
    timer = nil
    guard let due = exchange.deadline else { return }
    if context.eventLoop.now < due { return arm(context) }
    switch exchange.verdict() {
    case .close: context.close(promise: nil)
    case .fail: context.fireErrorCaught(RequestFault.tooSlow)
    }
  }

  // MARK: Readers

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stall?.cancel()
      stall = nil
    } else if stall == nil {
      watch(context, waiting: Self.waitingBytes(context))
    }
    context.fireChannelWritabilityChanged()
  }

  /// Closes the connection unless the reader takes something within its time.
  private func watch(_ context: ChannelHandlerContext, waiting before: Int) {
    stall = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(patience.reader)) {
      let waiting = Self.waitingBytes(context)
      if waiting < before { self.watch(context, waiting: waiting) } else { context.close(promise: nil) }
    }
  }

  private static func waitingBytes(_ context: ChannelHandlerContext) -> Int {
    let options = context.channel.syncOptions
    return (try? options?.getOption(.bufferedWritableBytes)) ?? 0
  }
}

extension Problem {
  fileprivate init(_ fault: HTTPParserError) {
    if case .headerOverflow = fault {
      let bytes = Limits.headersBytes
      self.init(
        .requestHeaderFieldsTooLarge, code: .limit, "The address and the headers have more than \(bytes) bytes.")
    } else {
      self.init(.badRequest, code: .usage, "What came is no request in HTTP/1.1.")
    }
  }
}

/// What goes wrong with a request on its way.
enum RequestFault: Error {
  /// The body does not come, or too slowly.
  case tooSlow
}
