import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ConflictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflict",
    abstract: "See what collided, and decide what stays.",
    discussion: """
      Where two machines, or a person and a program, changed the same member differently, one change stays in the \
      document and the other is kept as a conflict. Nothing waits for it to be resolved.

        daybook conflict list
        daybook conflict show 0190…
        daybook conflict resolve 0190… --theirs
      """,
    subcommands: [ConflictListCommand.self, ConflictShowCommand.self, ConflictResolveCommand.self])
}

struct ConflictListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the conflicts that are open, newest first.",
    discussion: """
      Off a terminal, cells are separated by tabs and not cut.

        daybook conflict list
        daybook conflict list --all --json
      """)

  @Flag(help: "Those that are resolved as well.")
  var all = false

  @OptionGroup var paging: PageOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let page = try Conflicts(store).list(
        status: all ? nil : .open, limit: paging.limit, after: paging.after, for: .service)
      try PageReport(global: global).tell(page, of: "conflicts", in: store)
    }
  }
}

struct ConflictShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what collided.",
    discussion: """
      Below each other: what the member was before both changes, what stayed of them (mine), and what did not \
      (theirs). With --json, the conflict as `daybook get --json` prints it.

        daybook conflict show 0190…
      """)

  @Argument(help: "The id of the conflict.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let conflict = try Conflicts(store).conflict(id, for: .service)
      if global.json { try global.show(conflict, in: store.snapshot()) } else { try tell(conflict.root) }
    }
  }

  private func tell(_ conflict: JSONNode) throws {
    let pointer = conflict["pointer"]?.string ?? ""
    let resolved = ["resolution", "resolved_at"].compactMap { conflict[$0]?.string }
    try tell("document", conflict["document"]?.string ?? "")
    try tell("member", pointer.isEmpty ? "the whole of it" : pointer)
    try tell("status", (["\(conflict["status"]?.string ?? "")"] + resolved).joined(separator: "  "))
    try tell("base", value(conflict["base"]))
    try tell("mine", value(conflict["kept"], by: conflict["kept_origin"]))
    try tell("theirs", value(conflict["lost"], by: conflict["lost_origin"]))
  }

  private func tell(_ name: String, _ text: String) throws {
    try Output.line(name.padding(to: 11) + Table.printable(text))
  }

  private func value(_ node: JSONNode?, by origin: JSONNode? = nil) -> String {
    (node?.value.maskingSealed.compactText ?? "nothing") + (origin?.string.map { "  (\($0))" } ?? "")
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
