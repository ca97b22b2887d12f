import NIOCore

/// Where a connection is between requests and answers, as far as deadlines go. A pure value: the guard asks it what to
/// do.
///
/// ```
///               head                 end                 answer's end
///   silent ─────────────▶ sending ─────────▶ waiting ─────────────────────▶ silent
///                           │  too slow
///                           ├────────────▶ deaf: what comes is dropped, the request fails
///                           │                │ answer's end
///                           ▼ answer's end   ▼
///                          leaving: what comes is dropped; closed at the request's end, or soon
/// ```
///
/// Requests may come before the one before them is answered; then only the last one is being sent, and it has no
/// deadline until it is its turn: nobody reads it before.
struct Exchange {
  enum Phase: Equatable {
    case open, deaf
    case leaving(since: NIODeadline)
  }

  enum Verdict {
    case close
    /// The body does not come: whoever reads it is to be told.
    case fail
  }

  private let patience: Patience
  private(set) var phase = Phase.open
  /// Requests that have begun and are not answered.
  private var due = 0
  /// Whether the end of the newest one is still to come.
  private var isSending = false
  /// Whether the answer to the oldest one has begun.
  private var isAnswering = false
  private var silentSince: NIODeadline
  private var pace: BodyPace

  init(_ patience: Patience, at time: NIODeadline) {
    self.patience = patience
    silentSince = time
    pace = BodyPace(patience.body, at: time)
  }

  /// Whether what comes is still read.
  var isHeard: Bool { phase == .open }
  /// Whether an answer that begins now is to what was no request.
  var hasNoRequest: Bool { due == 0 }
  /// Whether the request that is being answered has not come to its end.
  var isCutShort: Bool { isSending && due == 1 }

  // MARK: What comes

  mutating func requestBegins(at time: NIODeadline) {
    due += 1
    isSending = true
    pace = BodyPace(patience.body, at: time)
  }

  mutating func bodyComes(_ count: Int, at time: NIODeadline) { pace.received(count, at: time) }

  mutating func requestEnds() { isSending = false }

  /// Whoever reads the body of the request knows that it comes at another pace.
  mutating func expect(_ rule: BodyPace.Rule) { pace.rule = rule }

  // MARK: What goes

  mutating func answerBegins() { isAnswering = true }

  mutating func answerEnds(at time: NIODeadline) {
    // Without a request, the answer is to what was none.
    if isCutShort || due == 0 || phase == .deaf { phase = .leaving(since: time) }
    due = max(0, due - 1)
    isAnswering = false
    silentSince = time
    if isSending { pace = BodyPace(pace.rule, at: time) }
  }

  // MARK: Deadlines

  /// When something has to be done if nothing happens until then; nil while it is the service's turn.
  var deadline: NIODeadline? {
    if case .leaving(let since) = phase { return since + TimeAmount(patience.farewell) }
    if due == 0 { return silentSince + TimeAmount(patience.idle) }
    return isCutShort && phase == .open ? pace.deadline : nil
  }

  /// What is to be done when the deadline is over.
  mutating func verdict() -> Verdict {
    guard isCutShort, phase == .open, !isAnswering else { return .close }
    phase = .deaf
    return .fail
  }
}
