import ArgumentParser
import Daybook
import Documents

struct KeysStatusCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the keys, and how many secrets each seals.",
    discussion: """
      Counted are the newest documents; old revisions may need a retired key. The exit status is 1 when a key is missing, \
      or the ring.

        daybook keys status
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let status = try await global.withStore { try await $0.keyStatus() }
    if global.json { try Output.json(json(status)) } else { try tell(status) }
    if !status.isComplete { throw ExitCode.different }
  }

  private func tell(_ status: KeyStatus) throws {
    global.note("\(status.location)\(status.isWrapped ? ", wrapped by a passphrase" : "")")
    var table = Table(["key", "state", "made", "secrets", "documents"])
    for key in status.keys {
      table.add([key.id, key.state, key.created ?? "", "\(key.secrets)", "\(key.documents)"])
    }
    try table.print()
    if status.unsealed > 0 { global.note("\(status.unsealed.of("secret")) in clear: `daybook keys rotate` seals them") }
    if status.unreadable > 0 { global.note("\(status.unreadable.of("secret")) that this version cannot read") }
    if status.isRotating { global.note("a rotation has not ended: `daybook keys rotate` goes on with it") }
    if let problem = status.problem {
      global.note([problem.message, problem.hint].compactMap(\.self).joined(separator: "\n"))
    } else if status.keys.contains(where: { $0.state == "missing" }) {
      global.note("Bring the missing keys here with `daybook keys export` and `daybook keys import`.")
    }
  }

  private func json(_ status: KeyStatus) -> JSONObject {
    [
      "location": .string(status.location), "wrapped": .bool(status.isWrapped),
      "keys": .array(
        status.keys.map { key in
          [
            "id": .string(key.id), "state": .string(key.state), "created": key.created.map { .string($0) } ?? .null,
            "secrets": .number(JSONNumber(key.secrets)), "documents": .number(JSONNumber(key.documents)),
          ]
        }),
      "unsealed": .number(JSONNumber(status.unsealed)), "unreadable": .number(JSONNumber(status.unreadable)),
      "rotating": .bool(status.isRotating), "problem": status.problem.map { .string($0.message) } ?? .null,
    ]
  }
}
