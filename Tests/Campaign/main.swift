import Foundation

// The long versions of tests, built for release.
//
//     Campaign kills COUNT [SEED]
//     Campaign faults
//     Campaign migrations DOCUMENTS KILLS [SEED]
//
// Says what it does as it goes, and ends with status 1 at the first fault.

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.dropFirst().map { UInt64($0) }
do {
  switch (arguments.first, numbers.first) {
  case ("kills", .some(.some(let count))):
    let seed = numbers.count > 1 ? numbers[1] : nil
    try await KillCampaign(count: Int(count), seed: seed ?? .random(in: 0..<1_000_000)).run()
  case ("migrations", .some(.some(let documents))):
    let rest = numbers.dropFirst().compactMap(\.self)
    try await MigrationCampaign(
      documents: Int(documents), kills: Int(rest.first ?? 0),
      seed: rest.dropFirst().first ?? .random(in: 0..<1_000_000)
    ).run()
  case ("faults", nil): try await FaultCampaign().run()
  default:
    say("usage: Campaign kills COUNT [SEED] | faults | migrations DOCUMENTS KILLS [SEED]")
    exit(2)
  }
} catch {
  say("FAULT: \(error)")
  exit(1)
}

/// Past the process's own buffers, so that a log file has it at once.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
