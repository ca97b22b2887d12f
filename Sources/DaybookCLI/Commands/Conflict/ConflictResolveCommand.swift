import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ConflictResolveCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Decide what stays.",
    discussion: """
      The document becomes what you decide, and the conflict is resolved, in one commit. --theirs also takes away what \
      the other change took away. --both joins lists, objects and texts. The exit status is 5 when it is resolved \
      already.

        daybook conflict resolve 0190… --mine
        daybook conflict resolve 0190… --theirs --dry-run
        daybook conflict resolve 0190… --value 0.7
      """)

  enum Side: String, EnumerableFlag {
    case mine, theirs, both

    static func help(for side: Side) -> ArgumentHelp? {
      switch side {
      case .mine: "What stands in the document stays."
      case .theirs: "What did not stay takes its place."
      case .both: "What did not stay comes to what stands there."
      }
    }
  }

  @Argument(help: "The id of the conflict.")
  var id: String

  @Flag(exclusivity: .exclusive)
  var side: Side?

  @Option(help: ArgumentHelp("Another value, as JSON; what is none is a text.", valueName: "json"))
  var value: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if (side == nil) == (value == nil) { throw ValidationError("Give one of --mine, --theirs, --both and --value.") }
  }

  func run() async throws {
    let resolution = try ConflictResolution(side?.rawValue ?? "value", value: value.map { JSONValue(argument: $0) })
    let caller = Caller.owner(try writing.commitAuthor)
    try await global.withStore(writing: writing) { store in
      _ = try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await Conflicts(store).resolve(id, as: resolution, for: caller)
      }
    }
  }
}
