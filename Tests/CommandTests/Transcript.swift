import Foundation

/// A session at the shell, kept as text: what was typed, what was printed, and the exit status where it is not 0.
///
/// ```
/// $ daybook get notes/none
/// 2> error: There is no document 'notes/none'.
/// [exit 3]
/// ```
///
/// Lines of standard error begin with `2> `. What differs from run to run (ids, times, folders, sizes) stands in angle
/// brackets, numbered where telling apart matters.
struct Transcript {
  private(set) var text = ""
  private var names: [String: String] = [:]
  private var counts: [String: Int] = [:]

  static func commands(in text: String) -> [String] {
    text.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
  }

  mutating func add(_ command: String, _ outcome: CommandSession.Outcome, in folder: String) {
    var printed = outcome.output
    if !printed.isEmpty, !printed.hasSuffix("\n") { printed += "⏎\n" }
    for line in outcome.errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      printed += line.isEmpty ? "2>\n" : "2> \(line)\n"
    }
    if outcome.status != 0 { printed += "[exit \(outcome.status)]\n" }
    text += "$ \(command)\n\(normalized(printed, folder))\n"
  }

  private mutating func normalized(_ text: String, _ folder: String) -> String {
    var text = text.replacing(folder, with: "<folder>")
    text = text.replacing(/sealed:1:[A-Za-z0-9_:-]+/, with: "<sealed>")
    text = text.replacing(/(daybook-agent\.[0-9a-f-]{36})\.[A-Za-z0-9_-]{43}/) { "\($0.1).<secret>" }
    text = text.replacing(/\b[0-9A-Z]{5}(-[0-9A-Z]{5}){4}\b/, with: "<code>")
    text = text.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, with: "<time>")
    text = text.replacing(/with the key [A-Za-z0-9_-]{8}:/, with: "with the key <key>:")
    text = text.replacing(/"(salt|nonce|box)": "[A-Za-z0-9_-]+"/) { "\"\($0.1)\": \"<random>\"" }
    let key = /(^|[\s"])([A-Za-z0-9_-]{22})(?=$|[\s",:])/.anchorsMatchLineEndings()
    text = text.replacing(key) { match -> String in
      let isKey = match.2.contains { $0.isUppercase }
      return match.1 + (isKey ? name(String(match.2), as: "key") : String(match.2))
    }
    text = text.replacing(/index [0-9a-f]{7}\.\.[0-9a-f]{7}/, with: "index <hash>..<hash>")
    text = text.replacing(/process \d+/, with: "process <number>")
    text = text.replacing(/\d+ documents\/s/, with: "<rate> documents/s")
    text = text.replacing(/"documents_per_second":\d+/, with: "\"documents_per_second\":<rate>")
    text = text.replacing(/"(\w*bytes|bytes_\w+)":\d+/) { "\"\($0.1)\":<size>" }
    text = text.replacing(/\b[0-9a-f]{64}\b/, with: "<sha256>")
    text = text.replacing(/day        [-0-9]+ \d+ commits?/, with: "day        <date> <number> commits")
    text = text.replacing(/"date":"[-0-9]+","commits":\d+/, with: "\"date\":\"<date>\",\"commits\":<number>")
    text = text.replacing(/\d+ bytes/, with: "<size> bytes")
    text = text.replacing(/\b\d+ ms\b/, with: "<number> ms")
    text = text.replacing(/"milliseconds":\d+/, with: "\"milliseconds\":<number>")
    text = text.replacing(/daybook-[0-9a-z]{9,13}\.json/, with: "daybook-<random>.json")
    let uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/.wordBoundaryKind(.simple)
    text = text.replacing(uuid) { name(String($0.0), as: "uuid") }
    let hash = /\b[0-9a-f]{10}([0-9a-f]{30})?\b/.wordBoundaryKind(.simple)
    return text.replacing(hash) { name(String($0.0.prefix(10)), as: "hash") }
  }

  private mutating func name(_ text: String, as kind: String) -> String {
    if let name = names[text] { return name }
    counts[kind, default: 0] += 1
    let name = "<\(kind) \(counts[kind, default: 0])>"
    names[text] = name
    return name
  }
}
