import Daybook
import DaybookRuntime
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The way of a request: is it for us, what is asked, may it be asked, is it well formed; then its handler. Whatever goes wrong on
/// the way is answered as a problem document.
struct Responder: HTTPResponder {
  let rooms: Rooms
  let table: EndpointTable
  let hosts: HostRule
  let door: Door
  let patience: Patience

  func respond(to request: Request, context: Connection) async throws -> Response {
    let start = ContinuousClock.now
    var endpoint: Endpoint?
    var answer: Answer
    do {
      answer = try await self.answer(request, context, &endpoint)
    } catch let problem as Problem {
      answer = .problem(problem)
    } catch let error as StoreError {
      answer = .problem(Problem(error))
      if answer.status.kind == .serverError { log(error, request, context) }
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      log(error, request, context)
      answer = .problem(.unexpected)
    }
    finish(&answer, request, context)
    rooms.metrics.count(endpoint, answer, ContinuousClock.now - start)
    return answer.response
  }

  private func answer(_ request: Request, _ context: Connection, _ asked: inout Endpoint?) async throws -> Answer {
    let host = request.head.authority
    guard hosts.admits(host) else {
      throw Problem(
        .misdirectedRequest, code: .refused, "The service is not called '\(host ?? "")'.",
        hint: "Use its own address, or allow the name with --allow-host.")
    }
    guard SiteRule.admits(request.method, request.headers, host: host, isEncrypted: door.isEncrypted) else {
      throw Problem(.forbidden, code: .refused, "Pages of other sites may not change anything here.")
    }
    guard request.uri.string.utf8.count <= Limits.targetBytes else {
      throw Problem(.uriTooLong, code: .limit, "The address has more than \(Limits.targetBytes) bytes.")
    }
    let (endpoint, path) = try endpoint(request)
    asked = endpoint
    let reader = RequestReader(
      endpoint: endpoint, request: request, channel: context.channel, patience: patience, room: rooms.bodies)
    var visitor = try admit(request, to: endpoint)
    let admitted = visitor
    let peer = door.peer(context.channel.remoteAddress?.ipAddress, request.headers)
    let parameters = try reader.parameters(ofPath: path)
    let sent = try await reader.content()
    let name = try parameters[Parameter.idempotencyKey.name]?.first?.string.map { key in
      try RequestName(
        key, of: visitor?.user ?? "",
        asking: Array("\(request.method.rawValue) \(request.uri.string)\n".utf8) + (sent?.bytes ?? []),
        in: rooms.store)
    }
    if let name, endpoint.replay != nil { visitor = visitor?.making(name.trailer) }
    let call = Call(
      rooms: rooms, endpoint: endpoint, visitor: visitor, peer: peer,
      isStillAdmitted: { (try? door.caller(request.headers, rooms, takesAuthor: endpoint.takes(.author))) == admitted },
      mayWrite: SiteRule.admits(.post, request.headers, host: host), headers: request.headers,
      parameters: parameters, sent: sent,
      onHangUp: { context.channel.triggerUserOutboundEvent(ConnectionGuard.HangUp(act: $0), promise: nil) })
    if let freshness = call.text(Parameter.atLeast.name).flatMap({ Freshness($0) }) {
      try await rooms.store.reach(freshness, within: .seconds(Limits.freshnessSeconds))
    }
    guard let name else { return try await endpoint.handle(call) }
    return try await carryOut(call, once: name)
  }

  /// Carries out a request that may come again, unless it was carried out before; then it is answered all the same.
  private func carryOut(_ call: Call, once name: RequestName) async throws -> Answer {
    switch try await rooms.requests.begin(name) {
    case .answered(let answer): return answer
    case .committed(let commit): return try await replay(call, commit)
    case .new(let start):
      do {
        let answer = try await call.endpoint.handle(call)
        rooms.requests.end(name, after: start, answer)
        return answer
      } catch {
        rooms.requests.end(name, after: start, nil)
        throw error
      }
    }
  }

  private func replay(_ call: Call, _ commit: CommitSummary) async throws -> Answer {
    guard let replay = call.endpoint.replay else {
      throw Problem(
        .conflict, code: .conflict, "The request was carried out before, in commit \(commit.commit).",
        hint: "Its answer is not kept any more: read what it was about.")
    }
    var receipt = try rooms.store.snapshot().receipt(of: commit)
    // It may have been answered with an error because the hub was away.
    if call.durability == .replicated { receipt = try await rooms.store.replicated(receipt) }
    return try replay(call, receipt)
  }

  /// Who asks, if that one may ask it.
  private func admit(_ request: Request, to endpoint: Endpoint) throws -> Caller? {
    if endpoint.admission == .anybody { return try? door.caller(request.headers, rooms) }
    let caller = try door.caller(request.headers, rooms, takesAuthor: endpoint.takes(.author))
    if endpoint.admission != .unmetered { try rooms.entitlements.check(.request, for: caller) }
    guard case .touching(let touched, let read) = endpoint.admission else { return caller }
    for collection in touched { try rooms.check(endpoint.reads ? .read : .write, in: collection, for: caller) }
    for collection in read { try rooms.check(.read, in: collection, for: caller) }
    return caller
  }

  private func endpoint(_ request: Request) throws(Problem) -> (Endpoint, [(name: String, value: Substring)]) {
    switch table.match(request.method, request.uri.path) {
    case .found(let endpoint, let parameters): return (endpoint, parameters)
    case .otherMethods(let methods):
      let names = methods.map(\.rawValue).joined(separator: ", ")
      var problem = Problem(
        .methodNotAllowed, code: .usage, "\(request.method.rawValue) is not possible here.", hint: "There is: \(names)."
      )
      problem.headers[.allow] = names
      throw problem
    case .nothing:
      throw Problem(
        .notFound, code: .notFound, "There is nothing at this address.",
        hint: "/docs shows the addresses that there are.")
    }
  }

  private func finish(_ answer: inout Answer, _ request: Request, _ context: Connection) {
    if SiteRule.isSafe(request.method), answer.status == .ok, let tag = answer.headers[.eTag],
      let known = request.headers[.ifNoneMatch], EntityTags(known, countingWeak: true).matches(tag)
    {
      answer = Answer(.notModified).with(.eTag, tag)
    }
    answer.headers[.contentTypeOptions] = "nosniff"
    if answer.status == .unauthorized { answer.headers[.wwwAuthenticate] = "Bearer" }
    // What one user may see is no cache's to keep for others.
    if answer.headers[.cacheControl] == nil { answer.headers[.cacheControl] = "private, no-cache" }
    answer.headers[.vary] = "Authorization, Cookie"
    if answer.status.kind == .serverError { answer.headers[.requestID] = context.requestID }
    if request.method == .head {
      if let length = answer.bodyBytes { answer.headers[.contentLength] = String(length) }
      answer.body = ResponseBody()
    }
  }

  private func log(_ error: any Error, _ request: Request, _ context: Connection) {
    context.logger.error(
      "A request failed.",
      metadata: [
        "method": .string(request.method.rawValue), "path": .string(request.uri.path), "error": .string("\(error)"),
      ])
  }
}

/// What is known of the connection that a request came by.
struct Connection: InitializableFromSource {
  let channel: any Channel
  let logger: Logger

  init(source: ApplicationRequestContextSource) {
    channel = source.channel
    logger = source.logger
  }

  /// As it stands in the log.
  var requestID: String { logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? "" }
}
