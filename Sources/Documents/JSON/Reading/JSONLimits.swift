/// Bounds on what is read, so that a hostile text costs little before it is refused.
public struct JSONLimits: Sendable, Equatable {
  /// How many arrays and objects may lie inside one another.
  public var maximumDepth = 64
  /// How long a text may be.
  public var maximumBytes = 16 << 20
  /// How many values and keys it may have: short ones take more memory than their text.
  public var maximumNodes = Int.max

  /// Depth 64 and 16 MiB, what every document of a store is held to.
  public static let standard = JSONLimits()

  /// What the tape can hold and the stack can bear; greater wishes are lowered to these.
  static let ceiling = JSONLimits(maximumDepth: 512, maximumBytes: 256 << 20)

  /// - Parameters:
  ///   - maximumDepth: at most 512 is honoured.
  ///   - maximumBytes: at most 256 MiB is honoured.
  ///   - maximumNodes: as many as the bytes allow when left out.
  public init(maximumDepth: Int = 64, maximumBytes: Int = 16 << 20, maximumNodes: Int = .max) {
    self.maximumDepth = maximumDepth
    self.maximumBytes = maximumBytes
    self.maximumNodes = maximumNodes
  }

  var lowered: JSONLimits {
    JSONLimits(
      maximumDepth: min(maximumDepth, Self.ceiling.maximumDepth),
      maximumBytes: min(maximumBytes, Self.ceiling.maximumBytes), maximumNodes: maximumNodes)
  }
}
