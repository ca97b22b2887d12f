import Measuring

extension Benchmarks {
  /// What one machine wrote, brought to another one.
  func sync() throws {
    let machines = try SyncMeasurements(
      folder: folder, documents: quick ? 20_000 : 100_000, workload: workload, program: HTTPMeasurements.program)
    for (place, count) in [1, 10_000].enumerated() {
      let name = "sync of \(count == 1 ? "1 commit" : "\(count) commits"), both machines; git pull && git push"
      try row(name, "ms", .ratioAtMost(1.5)) { round in
        if round % 2 == 1 { try machines.commit(count, round: place * 100 + round) }
        return try machines.ourMilliseconds()
      } peer: { round in
        if round % 2 == 0 { try machines.commit(count, round: place * 100 + round) }
        return try machines.peerMilliseconds()
      }
    }
  }
}
