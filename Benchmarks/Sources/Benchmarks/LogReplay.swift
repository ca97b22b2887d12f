import Daybook
import Foundation
import Measuring

/// How long a store takes to open when its process died with much in the log.
///
/// The process that dies is this program, started once more: it writes until enough is acknowledged, and kills itself before
/// the archive can have put it away.
enum LogReplay {
  static let argument = "--write-and-die"
  private static let transactions = 20
  private static let documents = 3_200

  /// The time in milliseconds, and the bytes that the log had.
  static func measure(_ ours: OurMeasurements) throws -> (milliseconds: Double, logBytes: Int) {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [argument, ours.path]
    try process.run()
    process.waitUntilExit()
    let log = URL(filePath: ours.path).appending(path: ".git/daybook/log")
    let bytes = try FileManager.default.contentsOfDirectory(atPath: log.path).reduce(0) { sum, name in
      sum + (try FileManager.default.attributesOfItem(atPath: log.appending(path: name).path)[.size] as? Int ?? 0)
    }
    return (try ours.openMilliseconds(), bytes)
  }

  /// The other side: writes about 64 MiB in a few transactions at once, and dies.
  static func writeAndDie(_ path: String) throws {
    try blocking {
      let store = try await Store.open(at: path, options: StoreOptions(owner: "a benchmark that dies"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<transactions {
          group.addTask {
            try await store.transaction { transaction in
              for place in 0..<documents {
                let task = Workload(seed: 99).task(number * documents + place, version: 7)
                try transaction.put("tasks/\(task.id)", text: try JSONText(parsing: task.text))
              }
            }
          }
        }
        try await group.waitForAll()
      }
      kill(getpid(), SIGKILL)
    }
  }
}
