public import Documents
import Git

/// A moment in a store's history, as people and programs name it.
///
/// | text | moment |
/// | --- | --- |
/// | `4711` or `#4711` | as the commit with that sequence left the store |
/// | `8f3c2d1a90` | as that commit left it: an id, or what it begins with, four digits at least |
/// | `HEAD`, `HEAD~2`, `8f3c2d~1` | the newest commit; so many commits before another |
/// | `2026-11-21T06:40:00Z`, `2026-11-21` | at that time, in UTC; a day means its beginning |
/// | `v1` | a tag or a branch, for who may name them |
///
/// A number is a sequence where there is such a commit, else the beginning of an id. That is all there is: Git has more
/// expressions, some of which search in the messages of commits, and none of them is a point.
public struct Point: Hashable, Sendable, CustomStringConvertible {
  enum Base: Hashable, Sendable {
    case newest
    case sequence(UInt64)
    case time(Timestamp)
    /// A commit's id, what it begins with, or a number.
    case id(String)
    /// The same, or a tag or a branch.
    case name(String)
  }

  let base: Base
  /// How many commits before that, along first parents.
  let stepsBack: Int
  /// As it was written.
  public let description: String

  private init(_ base: Base, stepsBack: Int = 0, _ description: String) {
    self.base = base
    self.stepsBack = stepsBack
    self.description = description
  }

  /// The newest commit.
  public static let newest = Point(.newest, newestName)

  /// As the commit with this sequence left the store.
  public static func sequence(_ sequence: UInt64) -> Point { Point(.sequence(sequence), "#\(sequence)") }

  /// As this commit left the store.
  public static func commit(_ commit: CommitID) -> Point { Point(.id("\(commit)"), "\(commit)") }

  /// As the store was at this time.
  public static func time(_ time: Timestamp) -> Point { Point(.time(time), time.text) }

  /// Reads the text of a point.
  ///
  /// - Parameter namingReferences: whether it may be the name of a tag or a branch; not for a text from a stranger.
  /// - Throws: `.usage` for a text that names none. Whether there is such a commit, only a store can say.
  public init(parsing text: String, namingReferences: Bool = false) throws(StoreError) {
    if let time = Self.time(in: text) {
      self.init(.time(time), text)
      return
    }
    let (name, stepsBack) = try Self.split(text)
    if name == Self.newestName {
      self.init(.newest, stepsBack: stepsBack, text)
    } else if name.hasPrefix("#") {
      guard let sequence = UInt64(name.dropFirst()) else { throw Self.isNone(text) }
      self.init(.sequence(sequence), stepsBack: stepsBack, text)
    } else if Self.isID(name) {
      self.init(namingReferences ? .name(name) : .id(name), stepsBack: stepsBack, text)
    } else {
      guard namingReferences, !name.isEmpty else { throw Self.isNone(text) }
      self.init(.name(name), stepsBack: stepsBack, text)
    }
  }

  /// Whether it can be a number, or an id or the beginning of one.
  private static func isID(_ name: String) -> Bool {
    if UInt64(name) != nil { return true }
    return (shortestID...2 * ObjectID.byteCount).contains(name.utf8.count)
      && name.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }

  /// How many digits of an id are needed.
  static let shortestID = 4

  /// The time that it names; nil when it names a commit.
  public var time: Timestamp? { if case .time(let time) = base { time } else { nil } }

  private static let newestName = "HEAD"

  /// RFC 3339, of which the offset, the seconds, and the time of day may be left out.
  private static func time(in text: String) -> Timestamp? {
    let endings = ["", "Z", ":00Z", "T00:00:00Z"]
    return endings.lazy.compactMap { Timestamp(parsing: text + $0) }.first
  }

  /// Takes `~2` off the end.
  private static func split(_ text: String) throws(StoreError) -> (name: String, stepsBack: Int) {
    guard let tilde = text.lastIndex(of: "~") else { return (text, 0) }
    let digits = text[text.index(after: tilde)...]
    guard let steps = digits.isEmpty ? 1 : Int(digits), steps >= 0 else { throw isNone(text) }
    return (String(text[..<tilde]), steps)
  }

  private static func isNone(_ text: String) -> StoreError {
    StoreError(
      .usage, "'\(text)' is no point of a history.",
      hint: "Write a sequence (#12), a commit's id, HEAD~2, or a time such as 2026-11-21T06:40:00Z.")
  }
}
