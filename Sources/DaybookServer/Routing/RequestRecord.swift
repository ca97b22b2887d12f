import Daybook
import DaybookRuntime
import HummingbirdCore

/// What a service remembers of requests: where the commits of the older ones are, and the newest answers. A value; time comes
/// from outside.
struct RequestRecord {
  struct KeptAnswer {
    let content: String
    let answer: Answer
    let bytes: Int
    let time: Timestamp
  }

  /// The keys of those that are being carried out.
  var running: Set<String> = []
  /// By the mark of a request, among which commits its own is, if it made any.
  private(set) var ranges: [UInt64: ClosedRange<UInt64>] = [:]
  /// The marks of `ranges`, oldest first.
  private var marks: [UInt64] = []

  /// By key.
  private var answers: [String: KeptAnswer] = [:]
  /// The keys of `answers`, oldest first, from `firstKey` on; those before it are gone.
  private var keys: [String] = []
  private var firstKey = 0
  private(set) var answersBytes = 0

  // MARK: Commits

  mutating func note(_ mark: UInt64, _ range: ClosedRange<UInt64>) {
    if ranges.updateValue(range, forKey: mark) == nil { marks.append(mark) }
    guard marks.count > 2 * Limits.knownRequests else { return }
    for mark in marks.prefix(Limits.knownRequests) { ranges[mark] = nil }
    marks.removeFirst(Limits.knownRequests)
  }

  // MARK: Answers

  func answer(to key: String, at now: Timestamp) -> KeptAnswer? {
    answers[key].flatMap { $0.isOver(at: now) ? nil : $0 }
  }

  /// Keeps an answer, unless it is too large, or a stream.
  mutating func keep(_ answer: Answer, to name: RequestName, at now: Timestamp) {
    guard let bytes = answer.body.contentLength, bytes <= Limits.keptAnswerBytes else { return }
    let size = bytes + Self.overhead
    let kept = KeptAnswer(content: name.content, answer: answer, bytes: size, time: now)
    if let old = answers.updateValue(kept, forKey: name.key) {
      answersBytes -= old.bytes
    } else {
      keys.append(name.key)
    }
    answersBytes += size
    forget(at: now)
  }

  /// What an answer costs besides its body, roughly.
  private static let overhead = 512

  private mutating func forget(at now: Timestamp) {
    while firstKey < keys.count, let oldest = answers[keys[firstKey]],
      answersBytes > Limits.keptAnswersBytes || oldest.isOver(at: now)
    {
      answers[keys[firstKey]] = nil
      answersBytes -= oldest.bytes
      firstKey += 1
    }
    if firstKey > keys.count / 2 {
      keys.removeFirst(firstKey)
      firstKey = 0
    }
  }
}

extension RequestRecord.KeptAnswer {
  fileprivate func isOver(at now: Timestamp) -> Bool {
    now.milliseconds - time.milliseconds > Limits.idempotencySeconds * 1_000
  }
}
