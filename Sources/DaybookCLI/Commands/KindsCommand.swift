import ArgumentParser
import Daybook
import Documents

struct KindsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds",
    abstract: "List the kinds of documents, and add those that come with Daybook.",
    discussion: """
      A kind is one file under schemas/; a new file there is a new kind.

        daybook kinds
        daybook kinds add --missing
      """,
    subcommands: [KindsListCommand.self, KindsAddCommand.self], defaultSubcommand: KindsListCommand.self)
}

struct KindsListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the kinds of documents and their collections.",
    discussion: """
        daybook kinds list
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      var table = Table(["collection", "kind", "ids", "series", "title"])
      for kind in store.kinds.all {
        if global.json { try Output.json(json(kind)) }
        table.add([
          kind.collection.text, kind.name, ids(kind.ids), kind.series.map(\.name).joined(separator: ","),
          kind.title ?? "",
        ])
      }
      if !global.json { try table.print() }
    }
  }

  private func ids(_ ids: Kind.IDs) -> String {
    switch ids {
    case .given: "given"
    case .uuid7: "made"
    case .fixed(let names): names.joined(separator: ",")
    }
  }

  private func json(_ kind: Kind) -> JSONObject {
    [
      "collection": .string(kind.collection.text), "kind": .string(kind.name),
      "title": kind.title.map { .string($0) } ?? .null, "ids": .string(ids(kind.ids)),
      "partition": .string(kind.partition.rawValue), "series": .array(kind.series.map { .string($0.name) }),
      "indexes": .array(kind.indexes.map { .string($0.name) }),
      "ttl_seconds": kind.timeToLive.map { .number(JSONNumber(Int($0.milliseconds / 1_000))) } ?? .null,
    ]
  }
}
