import Daybook
import Foundation
import Synchronization

// Writes to a store until it is killed, and says on standard output what was acknowledged: the outside record that crash
// tests hold the store against.
//
//     CrashWriter STORE WORKERS SEED [STEP COUNT]
//
// Each worker owns two documents and always writes both in one transaction with the same number, so that a half-applied
// transaction shows. A line `ack WORKER NUMBER SEQUENCE` is written before the next transaction begins. With STEP and
// COUNT the process kills itself when it takes that step of a write for the COUNT-th time.

let arguments = CommandLine.arguments
guard arguments.count >= 4, let workers = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
  say("usage: CrashWriter STORE WORKERS SEED [STEP COUNT]")
  exit(2)
}

var options = StoreOptions(environment: ProcessInfo.processInfo.environment, owner: "a crash test")
if arguments.count == 6, let step = WriteStep(rawValue: arguments[4]), let count = Int(arguments[5]) {
  let remaining = Mutex(count)
  options.onStep = { taken in
    guard taken == step else { return }
    let isTime = remaining.withLock { remaining in
      remaining -= 1
      return remaining == 0
    }
    if isTime { kill(getpid(), SIGKILL) }
  }
}

let store = try await Store.open(at: arguments[1], options: options)
say("open \(store.snapshot().sequence)")
try await withThrowingTaskGroup(of: Void.self) { group in
  // A writer that never rests is never idle: for the steps of condensing somebody asks for it.
  if arguments.count == 6, arguments[4].lowercased().contains("condensed") {
    group.addTask {
      while true {
        try await Task.sleep(for: .milliseconds(100))
        try await store.condense()
      }
    }
  }
  for worker in 0..<workers {
    group.addTask {
      var number = try lastNumber(of: worker) + 1
      while true {
        let text = String(repeating: "x", count: Int((seed &+ UInt64(number) &* 7919) % 700))
        let value: JSONValue = [
          "task_type": "crash", "status": "processing", "created_at": "2026-11-21T06:40:00Z",
          "updated_at": "2026-11-21T06:40:00Z", "progress": .number(JSONNumber(number % 101)), "message": .string(text),
          "metadata": ["number": .number(JSONNumber(number))],
        ]
        let receipt = try await store.transaction { transaction in
          try transaction.put(address(worker, 0), value)
          try transaction.put(address(worker, 1), value)
        }
        say("ack \(worker) \(number) \(receipt.sequence)")
        number += 1
      }
    }
  }
  try await group.waitForAll()
}

@Sendable func address(_ worker: Int, _ half: Int) -> String {
  let digits = String(worker * 2 + half)
  return "tasks/01930000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
}

@Sendable func lastNumber(of worker: Int) throws -> Int {
  try store.snapshot().document(address(worker, 0))?.root["metadata"]?["number"]?.integer ?? 0
}

/// Past the process's own buffers: what is said is with the reader, even if the next instruction is the last.
@Sendable func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
