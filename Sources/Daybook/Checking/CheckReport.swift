/// What `Store.check` found.
public struct CheckReport: Sendable {
  /// Something that is not as it should be.
  public struct Finding: Sendable, Equatable {
    public enum Kind: String, Sendable {
      /// The index and the commits disagree: Daybook is at fault, and opening the store without its index file mends it.
      case index
      /// The working file is not what the newest commit holds: a hand edit that is not taken in, or damage.
      case file
      /// Git's own index is not what the newest commit holds.
      case gitIndex
      /// A document breaks its kind's schema, or is no JSON.
      case document
      /// A schema file is broken.
      case schema
    }

    public let kind: Kind
    /// The path or key that it is about.
    public let place: String
    public let message: String
  }

  public internal(set) var findings: [Finding] = []
  public internal(set) var documents = 0
  public internal(set) var files = 0
  public internal(set) var commits = 0
  /// Git's id of the newest commit's root folder: equal on every machine that holds the same documents.
  public internal(set) var rootHash = ""

  public var isClean: Bool { findings.isEmpty }
}
