import Documents

/// Rows of text: aligned under headings on a terminal, else with a tab between cells and nothing cut, for other programs.
struct Table {
  private let headings: [String]
  private var rows: [[String]] = []

  private static let widestCell = 48

  init(_ headings: [String]) {
    self.headings = headings
  }

  mutating func add(_ cells: [String]) {
    rows.append(cells.map(Self.printable))
  }

  func print() throws(SystemFailure) {
    guard !rows.isEmpty else { return }
    try Output.write((Terminal.showsOutput ? aligned(.output) : separated).utf8)
  }

  private var separated: String {
    rows.map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  private func aligned(_ style: Style) -> String {
    let rows = rows.map { $0.map { Self.shortened($0) } }
    let widths = headings.indices.map { column in
      ([headings[column]] + rows.map { $0[column] }).map(\.count).max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    return style.dim(line(headings.map { $0.uppercased() })) + "\n" + rows.map { line($0) + "\n" }.joined()
  }

  private static func shortened(_ text: String) -> String {
    text.count <= widestCell ? text : text.prefix(widestCell - 1) + "…"
  }

  /// Control characters, which could steer a terminal or break a row, become spaces.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}

extension JSONValue {
  /// For people and scripts alike: a string as it is, everything else as JSON.
  var plainText: String { string ?? compactText }
}

extension JSONNode? {
  /// A member in a table: empty for one that is not there, or null.
  var cell: String {
    guard let node = self, node.kind != .null else { return "" }
    return node.value.plainText
  }
}
