/// How long a node may push to the hub without looking who else is there, as a value. Times are since some moment.
///
/// Whoever won the last race need not fetch, so it is faster than all who lost, and would win for ever. So it rests once its
/// turn is over, as long as the others need, and fetches then. Where nobody else is found its next turn is longer.
struct ReplicationTurn {
  private var began: Duration
  private var length = shortest
  /// When it pushed last, and how long that took.
  private var pushed: Duration
  private var took = Duration.zero

  static let shortest = Duration.milliseconds(500)
  private static let longest = Duration.seconds(8)
  /// A fetch, a merge and a push take others about so many times as long as a push takes us.
  private static let factor = 3.0
  private static let longestRest = Duration.seconds(5)
  /// The part of a push that is spent on having more in the next one.
  private static let gatheringPart = 10.0
  private static let longestGathering = Duration.milliseconds(50)

  init(at now: Duration) { (began, pushed) = (now, now) }

  /// How long to rest before the next push; nil while the turn goes on. Whoever has been idle was in nobody's way.
  func rest(at now: Duration) -> Duration? {
    guard now - began >= length, now - pushed < Self.shortest else { return nil }
    return min(took * Self.factor, Self.longestRest)
  }

  /// How long to wait before the next push, with something in it already: those whom the last one answered write again in
  /// a moment, and would all but one wait for the push after that.
  func gathering(at now: Duration) -> Duration {
    now - pushed < Self.shortest ? min(took / Self.gatheringPart, Self.longestGathering) : .zero
  }

  mutating func notePush(from start: Duration, to end: Duration) {
    if start - pushed >= Self.shortest { began = start }
    (pushed, took) = (end, end - start)
  }

  /// It has looked who is there.
  mutating func noteLook(at now: Duration, sawOthers: Bool) {
    length = sawOthers ? Self.shortest : min(length * 2, Self.longest)
    began = now
  }
}
