import NIOCore

/// How fast the body of a request comes. It may pause for a while, and after a start it must come at a least rate on the
/// whole: so a slow line is served, and who sends a byte now and then does not hold a connection for ever.
package struct BodyPace: Sendable {
  package struct Rule: Sendable {
    /// How long it may pause.
    package var silence: Duration
    /// How much longer it may take than its bytes at the least rate.
    package var start: Duration
    package var bytesPerSecond: Int64

    package init(silence: Duration, start: Duration, bytesPerSecond: Int64) {
      self.silence = silence
      self.start = start
      self.bytesPerSecond = bytesPerSecond
    }
  }

  var rule: Rule
  private let begin: NIODeadline
  private var last: NIODeadline
  private var bytes: Int64 = 0

  init(_ rule: Rule, at begin: NIODeadline) {
    self.rule = rule
    self.begin = begin
    last = begin
  }

  mutating func received(_ count: Int, at time: NIODeadline) {
    bytes += Int64(count)
    last = time
  }

  /// When it is too slow if nothing more comes until then.
  var deadline: NIODeadline {
    let earned = TimeAmount.milliseconds(bytes / rule.bytesPerSecond * 1_000)
    return min(last + TimeAmount(rule.silence), begin + TimeAmount(rule.start) + earned)
  }
}
