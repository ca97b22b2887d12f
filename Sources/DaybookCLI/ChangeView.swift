import Daybook
import Documents

/// What is different in one file, as `diff` and `show` print it: in words first, then as text.
struct ChangeView {
  let difference: Difference

  /// How the texts are shown.
  enum Layout {
    case unified
    /// Both texts in columns, so many characters wide together.
    case sideBySide(columns: Int)
  }

  /// Members that differ, each in words; or that the whole came or went.
  private var words: [String] {
    if difference.old == nil { return ["created"] }
    if difference.new == nil { return ["deleted"] }
    return difference.members.isEmpty ? ["formatted"] : difference.members.map(\.words)
  }

  func text(_ layout: Layout, _ style: Style) -> String {
    let words = words.map { "  \(Table.printable($0))\n" }.joined()
    let lines = LineDifference(old: difference.old ?? [], new: difference.new ?? [])
    let heading = [
      style.bold("--- " + (difference.old == nil ? "/dev/null" : "a/\(difference.path)")),
      style.bold("+++ " + (difference.new == nil ? "/dev/null" : "b/\(difference.path)")),
    ]
    let body =
      switch layout {
      case .unified: heading + lines.unified(style)
      case .sideBySide(let columns): lines.sideBySide(columns, style)
      }
    return style.yellow(difference.name) + "\n" + words + "\n" + body.joined(separator: "\n") + "\n"
  }
}
