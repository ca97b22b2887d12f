/// Who may try to sign in when, as a value: no clock, no lock.
///
/// An account and an address each have some tries free; from then on each further one must wait, twice as long as the one
/// before, up to a bound. A try counts when it begins, so that many at once are not many free ones, and is taken back when
/// it went well. Who does not try for a while begins afresh. Names of which there is no account are treated alike.
///
/// The bound for accounts is short, since anybody can make the owner of an account wait; that for addresses is long.
struct SignInThrottle {
  struct Bounds: Sendable {
    var freeTriesOfAccount = 5
    var freeTriesOfAddress = 20
    var firstDelay = Duration.seconds(1)
    var longestDelayOfAccount = Duration.seconds(60)
    var longestDelayOfAddress = Duration.seconds(15 * 60)
    var forgottenAfter = Duration.seconds(3_600)
    /// How many accounts and addresses are remembered.
    var entries = Limits.throttledSubjects
  }

  private enum Subject: Hashable {
    case account(String)
    case address(String)
  }

  private struct Entry {
    var tries = 0
    /// Before then no try begins.
    var next = Duration.zero
    var last = Duration.zero
  }

  private let bounds: Bounds
  private var entries: [Subject: Entry] = [:]

  init(bounds: Bounds = Bounds()) {
    self.bounds = bounds
  }

  /// Begins a try.
  ///
  /// - Parameters:
  ///   - account: nil when it is about none, and the address alone counts.
  ///   - now: by a clock that never goes back.
  /// - Returns: nil when it may go on; else how long to wait first, and then nothing was counted.
  mutating func begin(account: String?, address: String, at now: Duration) -> Duration? {
    let subjects = Self.subjects(account, address)
    let wait = subjects.map { entry(of: $0, at: now).next - now }.max() ?? .zero
    if wait > .zero { return wait }
    for subject in subjects { count(subject, at: now) }
    return nil
  }

  /// The try went well: the account begins afresh, and the address has one try less.
  mutating func succeed(account: String?, address: String) {
    if let account { entries[.account(account)] = nil }
    takeBack(.address(address))
  }

  /// The try came to nothing, neither well nor badly.
  mutating func takeBack(account: String?, address: String) {
    for subject in Self.subjects(account, address) { takeBack(subject) }
  }

  var count: Int { entries.count }

  private static func subjects(_ account: String?, _ address: String) -> [Subject] {
    (account.map { [.account($0)] } ?? []) + [.address(address)]
  }

  private func entry(of subject: Subject, at now: Duration) -> Entry {
    guard let entry = entries[subject], entry.last + bounds.forgottenAfter > now else { return Entry() }
    return entry
  }

  private mutating func count(_ subject: Subject, at now: Duration) {
    var entry = entry(of: subject, at: now)
    entry.tries += 1
    entry.last = now
    entry.next = now + delay(of: subject, afterTries: entry.tries)
    makeRoom(for: subject, at: now)
    entries[subject] = entry
  }

  private func delay(of subject: Subject, afterTries tries: Int) -> Duration {
    let (free, longest) =
      switch subject {
      case .account: (bounds.freeTriesOfAccount, bounds.longestDelayOfAccount)
      case .address: (bounds.freeTriesOfAddress, bounds.longestDelayOfAddress)
      }
    guard tries >= free else { return .zero }
    return min(bounds.firstDelay * (1 << min(tries - free, 20)), longest)
  }

  private mutating func takeBack(_ subject: Subject) {
    guard var entry = entries[subject] else { return }
    entry.tries -= 1
    entry.next = .zero
    entries[subject] = entry.tries > 0 ? entry : nil
  }

  /// Whoever tried least lately is forgotten first.
  private mutating func makeRoom(for subject: Subject, at now: Duration) {
    guard entries.count >= bounds.entries, entries[subject] == nil else { return }
    entries = entries.filter { $0.value.last + bounds.forgottenAfter > now }
    guard entries.count >= bounds.entries, let oldest = entries.min(by: { $0.value.last < $1.value.last }) else {
      return
    }
    entries[oldest.key] = nil
  }
}
