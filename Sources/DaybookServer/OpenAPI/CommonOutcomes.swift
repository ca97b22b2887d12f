import HTTPTypes

/// What may come of any request of a sort, besides what its endpoint tells.
enum CommonOutcomes {
  static func all(of endpoint: Endpoint) -> [Endpoint.Outcome] {
    var outcomes = [unclear]
    if endpoint.admission != .anybody { outcomes += [unknownCaller, forbidden] }
    if endpoint.admission.isMetered { outcomes.append(usedUp) }
    if !SiteRule.isSafe(endpoint.method) { outcomes.append(forbidden) }
    if endpoint.takes(.idempotencyKey) { outcomes += [repeated, unfit] }
    if endpoint.takes(.ifMatch) { outcomes.append(changed) }
    if endpoint.takes(.ifNoneMatch), SiteRule.isSafe(endpoint.method) { outcomes.append(unchanged) }
    if endpoint.parameters.contains(where: { $0.schema.json == Form.point }) { outcomes.append(noPoint) }
    if endpoint.body != nil { outcomes += [slow, tooLarge, otherType, unfit] }
    return outcomes + [tooLong, tooMuch, otherHost, unexpected, busy]
  }

  private static let retryAfter = [("Retry-After", "After how many seconds it may be sent again.")]

  private static let unclear = Endpoint.Outcome.problem(
    .badRequest, "A parameter is missing, unknown or not as it must be, or the body is no JSON.")
  private static let unknownCaller = Endpoint.Outcome.problem(
    .unauthorized, "The store has users, and nobody is signed in.",
    headers: [("WWW-Authenticate", "How to show who asks.")])
  private static let usedUp = Endpoint.Outcome.problem(
    HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"), "The requests of the day are used up.",
    headers: retryAfter)
  private static let forbidden = Endpoint.Outcome.problem(
    .forbidden, "The caller may not do that, or the page that asks belongs to another site.")
  private static let repeated = Endpoint.Outcome.problem(
    .conflict, "A request of this `Idempotency-Key` is being carried out, or was, and its answer is not kept.")
  private static let changed = Endpoint.Outcome.problem(
    .preconditionFailed, "The document is at another revision than `If-Match` says.")
  private static let unchanged = Endpoint.Outcome(.notModified, "It is at the revision of `If-None-Match`.")
  private static let slow = Endpoint.Outcome.problem(.requestTimeout, "The body did not arrive in time.")
  private static let tooLarge = Endpoint.Outcome.problem(.contentTooLarge, "The body is larger than it may be.")
  private static let otherType = Endpoint.Outcome.problem(
    .unsupportedMediaType, "The body is of a media type that is not read here.")
  private static let unfit = Endpoint.Outcome.problem(
    .unprocessableContent, "The body is not what is wanted here, or the `Idempotency-Key` stood for another request.")
  private static let noPoint = Endpoint.Outcome.problem(
    .unprocessableContent, "What looks like a point of the history is none, such as a day that no calendar has.")
  private static let tooLong = Endpoint.Outcome.problem(.uriTooLong, "The address is longer than it may be.")
  private static let tooMuch = Endpoint.Outcome.problem(
    .requestHeaderFieldsTooLarge, "The address and the headers are longer than they may be together.")
  private static let otherHost = Endpoint.Outcome.problem(
    .misdirectedRequest, "The service is not called what `Host` says.")
  private static let unexpected = Endpoint.Outcome.problem(.internalServerError, "The service could not do it.")
  private static let busy = Endpoint.Outcome.problem(
    .serviceUnavailable, "The store is busy, or takes no writes.", headers: retryAfter)
}
