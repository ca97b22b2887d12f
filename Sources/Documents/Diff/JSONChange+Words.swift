extension JSONChange {
  /// The longest path in `words`, in characters; what is longer loses its beginning.
  public static let longestPath = 60

  /// The change on one line, for the subject of a commit: `temperature 0.2 → 0.7`, `+ description "…"`, `- proxy`.
  ///
  /// Sealed values show as `‹sealed›`.
  public var words: String {
    switch kind {
    case .added: "+ \(pathWords)\(new.map { " " + $0.shortText } ?? "")"
    case .removed: "- \(pathWords)"
    case .changed: "\(pathWords) \(old?.shortText ?? "") → \(new?.shortText ?? "")"
    case .moved: "\(pathWords) moved"
    }
  }

  private var pathWords: String {
    guard !path.isEmpty else { return "document" }
    let text = path.map(Self.printable).joined(separator: "/")
    return text.utf8.count > Self.longestPath && text.count > Self.longestPath
      ? "…" + text.suffix(Self.longestPath - 1) : text
  }

  /// A key as it is, but with control characters escaped, so that a change always takes one line.
  private static func printable(_ key: String) -> String {
    key.utf8.contains { $0 < 0x20 } ? String(JSONValue.string(key).compactText.dropFirst().dropLast()) : key
  }
}

extension JSONValue {
  /// The longest `shortText`, in characters.
  public static let longestShortText = 40

  /// The value on one line for people: cut when it is long, and with `‹sealed›` for sealed values.
  public var shortText: String {
    if isSealed { return Self.sealedWord }
    if let string, string == Self.sealedWord || string == Self.resealedWord { return string }
    let text = maskingSealed.compactText
    guard text.utf8.count > Self.longestShortText, text.count > Self.longestShortText else { return text }
    let closing =
      switch kind {
      case .string: "\""
      case .array: "]"
      case .object: "}"
      default: ""
      }
    return text.prefix(Self.longestShortText - 1 - closing.count) + "…" + closing
  }

  /// Whether this is the envelope of a secret.
  package var isSealed: Bool {
    string?.utf8.starts(with: "sealed:1:".utf8) ?? false
  }

  /// What stands in for a sealed value.
  package static let sealedWord = "‹sealed›"
  /// The same, in a comparison, for one that is another value than before.
  package static let resealedWord = "‹sealed, changed›"

  /// The value with `‹sealed›` in place of each sealed one.
  package var maskingSealed: JSONValue {
    switch self {
    case .string where isSealed: .string(Self.sealedWord)
    case .array(let array): .array(array.map(\.maskingSealed))
    case .object(let object):
      .object(JSONObject(object.map { (key: $0.key, value: $0.value.maskingSealed) }))
    default: self
    }
  }
}
