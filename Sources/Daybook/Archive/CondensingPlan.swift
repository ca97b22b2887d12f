/// Decides whether packs are condensed now, and which.
///
/// The packs that came since are taken, and condensed ones of before while they are small beside those: like the levels
/// of a log-structured tree, each byte is copied a bounded number of times. What one round reads is bounded too; a pack
/// at that bound is left as it is for good.
struct CondensingPlan: Equatable {
  /// Why one asks.
  enum Occasion {
    /// Nobody wrote for a while.
    case idle
    /// The store is being closed: somebody waits for it.
    case closing
    /// Somebody wished it.
    case asked
  }

  /// Condensed already, the largest first: that one is copied, and the others are worked into it.
  var condensed: [String] = []
  /// Not condensed yet, oldest first.
  var fresh: [String] = []

  var names: [String] { condensed + fresh }

  /// - Parameter packs: All that Git sees, oldest first. Packs of people's (`.keep`) stay.
  /// - Parameter most: How many bytes of packs one round takes.
  static func plan(
    _ packs: [PackFolder.Pack], isCondensed: (String) -> Bool, occasion: Occasion, most: Int = Limits.mergedPackBytes
  ) -> CondensingPlan? {
    let candidates = packs.filter { !$0.isKept && $0.bytes <= most }
    let fresh = candidates.filter { !isCondensed($0.name) }
    let condensed = candidates.filter { isCondensed($0.name) }.sorted { $0.bytes < $1.bytes }
    guard isDue(fresh: bytes(fresh), condensed: bytes(condensed), occasion) else { return nil }

    var plan = CondensingPlan()
    var total = 0
    for pack in fresh where total + pack.bytes <= most {
      plan.fresh.append(pack.name)
      total += pack.bytes
    }
    for pack in condensed {
      guard total + pack.bytes <= most else { break }
      guard occasion == .asked || pack.bytes <= total * Limits.condensedRatio else { break }
      plan.condensed.insert(pack.name, at: 0)
      total += pack.bytes
    }
    return plan.fresh.isEmpty && plan.condensed.count < 2 ? nil : plan
  }

  private static func isDue(fresh: Int, condensed: Int, _ occasion: Occasion) -> Bool {
    switch occasion {
    case .idle: fresh >= max(Limits.condensingBytes, min(condensed, Limits.mergedPackBytes) / Limits.condensingShare)
    case .closing: fresh > Limits.closingBytes && fresh > condensed / 2
    case .asked: true
    }
  }

  private static func bytes(_ packs: [PackFolder.Pack]) -> Int { packs.reduce(0) { $0 + $1.bytes } }
}
