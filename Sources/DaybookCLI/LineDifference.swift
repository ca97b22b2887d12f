/// Two texts compared line by line, shown as a unified diff.
struct LineDifference {
  /// A line of both texts, or of one.
  fileprivate enum Line {
    case both(Substring)
    case old(Substring)
    case new(Substring)
  }

  private var lines: [Line] = []

  /// Lines shown around a change.
  private static let context = 3
  /// Above this many differing lines the shortest way from one text to the other takes too long to find.
  private static let comparedLines = 4_000

  init(old: [UInt8], new: [UInt8]) {
    let (old, new) = (Self.lines(of: old), Self.lines(of: new))
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old[head...].reversed(), new[head...].reversed()).prefix { $0 == $1 }.count
    lines += old[..<head].map { .both($0) }
    lines += Self.compared(Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
    lines += old[(old.count - tail)...].map { .both($0) }
  }

  private static func lines(of text: [UInt8]) -> [Substring] {
    var lines = String(decoding: text, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" })
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func compared(_ old: [Substring], _ new: [Substring]) -> [Line] {
    guard old.count + new.count <= comparedLines else {
      return old.map { .old($0) } + new.map { .new($0) }
    }
    let difference = new.difference(from: old)
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(.old(old[left]))
        left += 1
      } else if right < new.count, added.contains(right) {
        lines.append(.new(new[right]))
        right += 1
      } else {
        lines.append(.both(old[left]))
        left += 1
        right += 1
      }
    }
    return lines
  }

  /// The changed places with three lines around each, as `diff -u` writes them, without the names of the files.
  func unified(_ style: Style) -> [String] {
    hunks.flatMap { hunk in
      let before = lines[..<hunk.lowerBound]
      let oldStart = before.count(where: \.isOld) + 1
      let newStart = before.count(where: \.isNew) + 1
      let oldCount = lines[hunk].count(where: \.isOld)
      let newCount = lines[hunk].count(where: \.isNew)
      let heading =
        "@@ -\(oldCount == 0 ? oldStart - 1 : oldStart),\(oldCount) +\(newCount == 0 ? newStart - 1 : newStart),\(newCount) @@"
      return [style.dim(heading)] + lines[hunk].map { $0.shown(style) }
    }
  }

  /// The changed places with three lines around each, old text left and new text right, with a sign between them: `|` for
  /// a line that became another one, `<` and `>` for one that only one side has.
  ///
  /// - Parameter columns: how many characters a line of both may take.
  func sideBySide(_ columns: Int, _ style: Style) -> [String] {
    let width = max(Self.narrowestColumn, (columns - Self.middle.count) / 2)
    return hunks.enumerated().flatMap { place, hunk in
      (place == 0 ? [] : [style.dim(String(repeating: "·", count: width))])
        + rows(of: hunk).map { $0.shown(width, style) }
    }
  }

  private static let narrowestColumn = 20
  private static let middle = " | "

  /// Removed lines beside those that were added in their place.
  private func rows(of hunk: Range<Int>) -> [Row] {
    var rows: [Row] = []
    var (removed, added): ([Substring], [Substring]) = ([], [])
    func paired() -> [Row] {
      (0..<max(removed.count, added.count)).map { place in
        Row(old: removed.dropFirst(place).first, new: added.dropFirst(place).first, isSame: false)
      }
    }
    for line in lines[hunk] {
      switch line {
      case .old(let text): removed.append(text)
      case .new(let text): added.append(text)
      case .both(let text):
        rows += paired() + [Row(old: text, new: text, isSame: true)]
        (removed, added) = ([], [])
      }
    }
    return rows + paired()
  }

  private struct Row {
    var old: Substring?
    var new: Substring?
    var isSame: Bool

    func shown(_ width: Int, _ style: Style) -> String {
      let (left, right) = (Self.fitted(old ?? "", width), Self.fitted(new ?? "", width).trimmingEnd)
      if isSame { return "\(left)   \(right)".trimmingEnd }
      let sign = old == nil ? ">" : new == nil ? "<" : "|"
      return "\(style.red(left)) \(sign) \(style.green(right))".trimmingEnd
    }

    private static func fitted(_ text: Substring, _ width: Int) -> String {
      let text = Table.printable(String(text))
      return text.count > width
        ? text.prefix(width - 1) + "…" : text + String(repeating: " ", count: width - text.count)
    }
  }

  /// Ranges of lines to show; neighbours that touch are one.
  private var hunks: [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (place, line) in lines.enumerated() where !(line.isOld && line.isNew) {
      let range = max(0, place - Self.context)..<min(lines.count, place + Self.context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }
}

extension String {
  fileprivate var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}

extension LineDifference.Line {
  fileprivate var isOld: Bool { if case .new = self { false } else { true } }
  fileprivate var isNew: Bool { if case .old = self { false } else { true } }

  fileprivate func shown(_ style: Style) -> String {
    switch self {
    case .both(let line): " " + line
    case .old(let line): style.red("-" + line)
    case .new(let line): style.green("+" + line)
    }
  }
}
