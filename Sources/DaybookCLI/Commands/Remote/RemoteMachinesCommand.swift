import ArgumentParser
import Daybook
import Documents

struct RemoteMachinesCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "machines",
    abstract: "List the machines that sync with the remotes, and how far each has come.",
    discussion: """
      A machine, which is a copy of the store, puts its name and the newest commit that it shares with a remote into the \
      remote's register when it syncs. `daybook fold` keeps the history that these machines go on from. Shown is what the \
      registers said at the last sync.

        daybook remote machines
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let machines = try await Blocking.run { try store.machines() }
      if global.json { return try machines.forEach { try Output.json(json($0)) } }
      var table = Table(["machine", "remote", "has all up to", "of", ""])
      for machine in machines {
        table.add([
          machine.name, machine.remote, machine.position.name, machine.position.time, machine.isThis ? "this one" : "",
        ])
      }
      try table.print()
    }
  }

  private func json(_ machine: RegisteredMachine) -> JSONObject {
    var json: JSONObject = ["machine": .string(machine.name), "remote": .string(machine.remote)]
    machine.position.tell(to: &json)
    json["this"] = .bool(machine.isThis)
    return json
  }
}

struct RemoteForgetMachineCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget-machine",
    abstract: "Take a machine that will not come back off a remote's register.",
    discussion: """
      From then on no history is kept for its sake, here or, after their next sync, on other machines. If it syncs after all, \
      it is on the register again. `daybook fold --without` leaves a machine behind on this machine alone.

        daybook remote forget-machine 019a6e1c-5b1e-7c3e-9d55-0a4be0a7a7f1
        daybook remote forget-machine 019a6e1c-5b1e-7c3e-9d55-0a4be0a7a7f1 origin
      """)

  @Argument(help: "The machine, as `daybook remote machines` shows it.")
  var machine: String

  @Argument(help: "The remote; by default the only one, or 'origin'.")
  var remote: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let name = try RemoteConfiguration(of: store.path).remote(orTheOnly: remote)
      let connector = RemoteConnector(of: store.path)
      let machine = machine
      try await Blocking.run { try store.forgetMachineBlocking(machine, at: name, by: connector) }
      global.note("the remote '\(name)' no longer names the machine \(machine)")
    }
  }
}

extension CommitPosition {
  /// As people name it.
  var name: String { sequence.map { "#\($0)" } ?? commit.short }

  var time: String { Timestamp(seconds: seconds).text }

  func tell(to json: inout JSONObject) {
    json["commit"] = .string("\(commit)")
    json["sequence"] = sequence.map { .number(JSONNumber($0)) } ?? .null
    json["time"] = .string(time)
  }
}
