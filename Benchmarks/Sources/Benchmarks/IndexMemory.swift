import CMalloc
import Daybook
import Foundation

/// What an open store takes in memory besides bodies.
///
/// Measured by this program started once more: in a process that has filled a store, what the heap holds says nothing. The
/// heap's own count is asked, since resident memory also has what was freed.
enum IndexMemory {
  static let argument = "--open-and-count"

  /// Bytes for each document.
  static func measure(_ ours: OurMeasurements) throws -> Double {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [argument, ours.path]
    process.standardOutput = output
    try process.run()
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let bytes = Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw BenchmarkFailure(message: "the process that opens the store printed '\(printed)'")
    }
    return bytes / Double(ours.documents)
  }

  /// The other side: opens the store and prints by how much the heap has grown.
  static func openAndCount(_ path: String) throws {
    try blocking {
      let before = heapBytes()
      let store = try await Store.open(at: path, options: StoreOptions(cacheBytes: 1 << 20, owner: "a benchmark"))
      print(heapBytes() - before)
      try await store.close()
    }
  }

  private static func heapBytes() -> Int {
    let heap = mallinfo2()
    return Int(heap.uordblks) + Int(heap.hblkhd)
  }
}

struct BenchmarkFailure: Error {
  let message: String
}
