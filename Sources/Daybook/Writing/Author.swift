/// Who makes a change: the author of its commit.
public struct Author: Hashable, Sendable, CustomStringConvertible {
  public var name: String
  public var email: String

  public init(name: String, email: String) {
    self.name = name
    self.email = email
  }

  /// Takes `Ann Example <ann@example.org>` apart.
  ///
  /// - Throws: `.usage` for a text that is not of this form.
  public init(parsing text: String) throws(StoreError) {
    let parts = text.split(separator: "<", maxSplits: 1, omittingEmptySubsequences: false)
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    let isMail = parts.count == 2 && parts[1].hasSuffix(">") && !parts[1].dropLast().contains { "<>".contains($0) }
    guard isPlain, isMail else {
      throw StoreError(.usage, "'\(text)' is not an author.", hint: "Write it as 'Ann Example <ann@example.org>'.")
    }
    self.init(name: Self.trimmed(parts[0]), email: Self.trimmed(parts[1].dropLast()))
  }

  private static func trimmed(_ text: Substring) -> String {
    let text = text.drop(while: \.isWhitespace)
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(text[...last])
  }

  /// `Ann Example <ann@example.org>`
  public var description: String { "\(name) <\(email)>" }
  /// The store itself, for what it does of its own accord.
  package static let store = Author(name: CommitBuilder.committerName, email: CommitBuilder.committerEmail)
}

/// Where a change came from: the `Daybook-Origin` of its commit.
public struct Origin: RawRepresentable, Hashable, Sendable {
  public var rawValue: String

  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// A program that uses the library.
  public static let library = Origin(rawValue: "library")
  /// The `daybook` command.
  public static let command = Origin(rawValue: "command")
  /// The service, on behalf of one of its users.
  public static let service = Origin(rawValue: "service")
  /// A file that a person or another program changed.
  public static let hand = Origin(rawValue: "hand")
  /// The store's own doing, such as its first commit.
  public static let store = Origin(rawValue: "store")
  /// Documents that were brought to another version of their kind.
  public static let migration = Origin(rawValue: "migration")
  /// Documents whose time to live was over.
  public static let sweep = Origin(rawValue: "sweep")
  /// What two machines did, joined.
  public static let sync = Origin(rawValue: "sync")
  /// Secrets that were sealed again with another key.
  public static let rotation = Origin(rawValue: "rotation")
}

/// What has happened by the time that a write is acknowledged.
public enum Durability: String, Sendable, CaseIterable {
  /// It is in the log's file: it survives the end of the process; a power cut may lose the last 50 ms.
  case memory
  /// It is on the disk: it survives a power cut, as far as the drive keeps its word. The default.
  case durable
  /// It is also in a Git pack and the branch has moved: `git log` shows it.
  case committed
  /// The hub has it as well: it survives the loss of this machine. Where another node has changed meanwhile what the write
  /// took for granted, it is taken back, and fails with a conflict.
  case replicated
}
