import Foundation

/// One line of the table: what we do, what the peer does, and whether their ratio is what was promised.
public struct Row: Codable, Sendable {
  public var name: String
  public var ours: Double?
  public var peer: Double?
  public var unit: String
  /// Ours divided by the peer's, whether more or less is better.
  public var ratio: Double?
  /// Such as `≥ 3×` or `≤ 150`.
  public var goal: String
  /// Nil when one of the sides was not measured.
  public var met: Bool?

  public init(name: String, ours: Double?, peer: Double?, unit: String, goal: Goal) {
    self.name = name
    self.ours = ours
    self.peer = peer
    self.unit = unit
    self.goal = goal.description
    let ratio = ours.flatMap { ours in peer.map { ours / $0 } }
    self.ratio = ratio
    met = goal.isMet(ours: ours, ratio: ratio)
  }
}

/// What a measurement should come to.
public enum Goal: Sendable, CustomStringConvertible {
  case ratioAtLeast(Double)
  case ratioAtMost(Double)
  /// For what has no peer, in the row's unit.
  case atMost(Double)
  case none

  public var description: String {
    switch self {
    case .ratioAtLeast(let ratio): "≥ \(short(ratio))×"
    case .ratioAtMost(let ratio): "≤ \(short(ratio))×"
    case .atMost(let value): "≤ \(short(value))"
    case .none: "–"
    }
  }

  func isMet(ours: Double?, ratio: Double?) -> Bool? {
    switch self {
    case .ratioAtLeast(let goal): ratio.map { $0 >= goal }
    case .ratioAtMost(let goal): ratio.map { $0 <= goal }
    case .atMost(let goal): ours.map { $0 <= goal }
    case .none: nil
    }
  }
}

/// Three digits that matter.
func short(_ value: Double) -> String {
  if value == value.rounded(), abs(value) < 1000 { return String(Int(value)) }
  return String(format: abs(value) >= 100 ? "%.0f" : abs(value) >= 10 ? "%.1f" : "%.2f", value)
}
