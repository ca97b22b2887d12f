import Daybook
import DaybookRuntime
import HTTPTypes
import Synchronization

/// The places of readers, which are taken and given back; of each user's readers together there is a bound, so that one alone
/// cannot take them all.
final class Seats: Sendable {
  /// One place that was taken. Leaving twice is leaving once.
  final class Seat: Sendable {
    private let seats: Seats
    private let user: String
    private let isTaken = Mutex(true)

    fileprivate init(_ seats: Seats, _ user: String) {
      self.seats = seats
      self.user = user
    }

    func leave() {
      let wasTaken = isTaken.withLock { taken in
        defer { taken = false }
        return taken
      }
      if wasTaken { seats.leave(user) }
    }

    deinit { leave() }
  }

  private let limit: Int
  private let limitOfUser: Int
  private let taken = Mutex((all: 0, byUser: [String: Int]()))

  init(_ limit: Int, ofUser limitOfUser: Int) {
    self.limit = limit
    self.limitOfUser = limitOfUser
  }

  var count: Int { taken.withLock { $0.all } }

  /// - Throws: a problem when all are taken, or all that the caller may take. Who is at the machine itself has no share: a
  ///   store without users has nobody else.
  func take(for caller: Caller) throws(Problem) -> Seat {
    try taken.withLock { taken throws(Problem) in
      guard taken.all < limit else { throw Self.full("There are \(limit) readers of events already.") }
      let own = taken.byUser[caller.user, default: 0]
      guard caller.isLocal || own < limitOfUser else { throw Self.full("You have \(own) readers of events already.") }
      taken.all += 1
      taken.byUser[caller.user] = own + 1
    }
    return Seat(self, caller.user)
  }

  private func leave(_ user: String) {
    taken.withLock { taken in
      taken.all -= 1
      let own = taken.byUser[user, default: 1]
      taken.byUser[user] = own > 1 ? own - 1 : nil
    }
  }

  private static func full(_ detail: String) -> Problem {
    var problem = Problem(.serviceUnavailable, code: .busy, detail, hint: "Try again later.")
    problem.headers[.retryAfter] = "10"
    return problem
  }
}
