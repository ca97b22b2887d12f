import Daybook
import Documents

/// What redeeming a code makes of a user's entitlement: a function of the two documents, the two tiers and the time.
///
/// The same tier once more is longer. Another one takes the place of what the user has if its rank is higher; a lower one
/// would take something away, and is refused until what the user has is over.
struct Redemption {
  let tier: String
  /// Nil for ever.
  let until: Timestamp?

  /// A tier that a user has or is given.
  struct Hold: Equatable {
    let tier: String
    let rank: Int
    /// Nil for ever.
    let until: Timestamp?
  }

  /// - Parameters:
  ///   - held: what the user has; nil for nothing but the default.
  ///   - days: how long the code gives the tier; nil for ever.
  init(of tier: Tier, days: Int?, held: Hold?, at now: Timestamp) throws(StoreError) {
    self.tier = tier.id
    let running = held.flatMap { held in held.until.map { $0 > now } ?? true ? held : nil }
    guard let running else {
      until = Self.moment(days, after: now)
      return
    }
    if running.tier == tier.id {
      guard let end = running.until else {
        throw StoreError(
          .conflict, "You have the tier '\(tier.name)' for ever.", hint: "Give the code to somebody else.")
      }
      until = Self.moment(days, after: end)
    } else if tier.rank > running.rank {
      until = Self.moment(days, after: now)
    } else {
      let end = running.until.map { "until \($0)" } ?? "for ever"
      throw StoreError(
        .conflict, "You have the tier '\(running.tier)' \(end), which is not below '\(tier.name)'.",
        hint: "Redeem the code when that is over.")
    }
  }

  private static func moment(_ days: Int?, after start: Timestamp) -> Timestamp? {
    days.map { Timestamp(milliseconds: start.milliseconds + Int64($0) * 86_400_000) }
  }
}
