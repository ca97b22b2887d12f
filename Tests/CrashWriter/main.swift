import Daybook
import Foundation
import Synchronization
import TestSupport

// Writes to a store until it kills itself, and says on standard output what was acknowledged: the outside record that
// crash tests hold the store against.
//
//     CrashWriter STORE WORKERS SEED MOMENT
//     CrashWriter STORE sync REMOTE STEP         syncs, and dies at a step of that (`SyncStep`)
//
// Each worker owns two documents and always writes both in one transaction with the same number, so that a half-applied
// transaction shows. Without workers it brings the store to the newest version of its kinds instead. A line `ack WORKER
// NUMBER SEQUENCE` is out before the next transaction begins. `KillMoment` says what MOMENT may be.

if CommandLine.arguments.count == 5, CommandLine.arguments[2] == "sync" {
  try syncAndDie(remote: CommandLine.arguments[3], at: CommandLine.arguments[4])
}
let (workers, seed, moment) = parseArguments()
let start = ContinuousClock.now
var options = TemporaryStore.options(environment: ProcessInfo.processInfo.environment)
if case .opening(let microseconds) = moment { dieIn(microseconds) }
if case .step(let step, let count) = moment {
  let remaining = Mutex(count)
  options.onStep = { taken in
    guard taken == step else { return }
    let isTime = remaining.withLock { remaining in
      remaining -= 1
      return remaining == 0
    }
    guard isTime else { return }
    say("step")
    kill(getpid(), SIGKILL)
  }
}

let store = try await Store.open(at: CommandLine.arguments[1], options: options)
say("open \(Int((ContinuousClock.now - start) / .microseconds(1)))")
if case .writing(let microseconds) = moment { dieIn(microseconds) }
if workers == 0 {
  try await store.migrate()
  try await store.close()
  exit(0)
}
if case .writing = moment {} else { dieIn(KillMoment.patience) }
try await withThrowingTaskGroup(of: Void.self) { group in
  if maintains { group.addTask { try await maintain() } }
  if rotates { group.addTask { try await rotate() } }
  for worker in 0..<workers {
    group.addTask { try await write(worker) }
  }
  try await group.waitForAll()
}

func syncAndDie(remote: String, at step: String) throws -> Never {
  var options = TemporaryStore.options(environment: ProcessInfo.processInfo.environment)
  options.onSyncStep = { taken in
    guard taken.rawValue == step else { return }
    say("step")
    kill(getpid(), SIGKILL)
  }
  let store = try Store.openBlocking(at: CommandLine.arguments[1], options: options)
  let connector = RemoteConnector(InProcessTransport(), trust: RemoteTrust())
  _ = try store.syncBlocking(with: RemoteName(remote), by: connector)
  exit(1)
}

func parseArguments() -> (workers: Int, seed: UInt64, moment: KillMoment) {
  let arguments = CommandLine.arguments
  guard arguments.count == 5, let workers = Int(arguments[2]), let seed = UInt64(arguments[3]),
    let moment = KillMoment(arguments[4])
  else {
    say("usage: CrashWriter STORE WORKERS SEED MOMENT")
    exit(2)
  }
  return (workers, seed, moment)
}

@Sendable func write(_ worker: Int) async throws {
  var random = RepeatableRandom(seed: seed &+ UInt64(worker))
  var number = try store.snapshot().document(CrashRun.address(worker, 0))?.root["metadata"]?["number"]?.integer ?? 0
  while true {
    number += 1
    let value: JSONValue = [
      "task_type": "crash", "status": "processing", "created_at": "2026-11-21T06:40:00Z",
      "updated_at": "2026-11-21T06:40:00Z", "progress": .number(JSONNumber(number % 101)),
      "message": .string(String(repeating: "x", count: .random(in: 0..<700, using: &random))),
      "metadata": ["number": .number(JSONNumber(number))],
    ]
    // Those that wait for the archive make it put away small batches, and so merge packs.
    let durability: Durability = .random(in: 0..<4, using: &random) == 0 ? .committed : .durable
    let receipt = try await store.transaction(durability: durability) { transaction in
      try transaction.put(CrashRun.address(worker, 0), value)
      try transaction.put(CrashRun.address(worker, 1), value)
      try CrashScraps.add(to: &transaction, worker, number)
    }
    say("ack \(worker) \(number) \(receipt.sequence)")
    // As if there were something else to do: histories stay short enough to be checked a thousand times.
    try await Task.sleep(for: .microseconds(.random(in: 0..<8_000, using: &random)))
  }
}

/// A writer that never rests is never idle, so packs are condensed only if somebody asks for it.
@Sendable func maintain() async throws {
  while true {
    try await Task.sleep(for: .milliseconds(100))
    try leaveSomething()
    try await store.maintain()
  }
}

/// A temporary file, as a Git command leaves it that was killed the day before yesterday.
@Sendable func leaveSomething() throws {
  let path = "\(store.path)/.git/objects/pack/tmp_pack_crash"
  try Data("half".utf8).write(to: URL(filePath: path))
  let date = Date(timeIntervalSinceNow: -2 * 86_400)
  try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
}

/// Gives the store one new key after another, beside those who write.
@Sendable func rotate() async throws {
  while true {
    _ = try await store.rotateKeys()
    try await Task.sleep(for: .milliseconds(10))
  }
}

var rotates: Bool {
  switch moment {
  case .step(.keyRingWritten, _), .step(.resealed, _): true
  case .step: false
  case .opening, .writing: seed % 3 == 0
  }
}

/// Where the steps of merging are awaited it would leave nothing to merge.
var maintains: Bool {
  switch moment {
  case .step(.packsCondensed, _), .step(.condensedPackRemoved, _), .step(.swept, _), .step(.leftoverRemoved, _): true
  case .step: false
  case .opening, .writing: seed % 2 == 0
  }
}

/// Ends this process without a chance to tidy up.
@Sendable func dieIn(_ microseconds: Int) {
  Thread.detachNewThread {
    usleep(UInt32(microseconds))
    kill(getpid(), SIGKILL)
  }
}

/// Past the process's own buffers: what is said is with the reader, even if the next instruction is the last.
@Sendable func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
