import Daybook
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

  /// Two versions of a document that differ from what they were in other members, from text to text.
  func merging() throws {
    let base = try JSONText(parsing: workload.task(1, version: 1).text)
    var (one, other) = (base.root.value, base.root.value)
    guard case .object(var ours) = one, case .object(var theirs) = other else { return }
    ours["status"] = "done"
    theirs["note"] = "by the other machine"
    (one, other) = (.object(ours), .object(theirs))
    let texts = [base, base.changing(to: one), base.changing(to: other)].map(\.bytes)
    let count = quick ? 5_000 : 50_000
    let seconds = try Rounds.seconds {
      for _ in 0..<count {
        let sides = try texts.map { try JSONText(parsing: $0) }
        let merge = JSONMerge(base: sides[0].root.value, ours: sides[1].root.value, theirs: sides[2].root.value)
        precondition(sides[1].changing(to: merge.value ?? .null).bytes.count > texts[1].count)
      }
    }
    try report.add(
      Row(
        name: "three-way merges of a document of \(texts[0].count) bytes", ours: Double(count) / seconds, peer: nil,
        unit: "merges/s", goal: .none))
  }

  /// Services that share a hub, each with 16 writers whose writes wait for it.
  func replication() async throws {
    let hubs: [(name: String, place: ReplicationMeasurements.Hub)] =
      [("in a folder", .folder)]
      + [0, 20, 100].map { ("by HTTP, \($0) ms for a round-trip", .server(milliseconds: $0)) }
    for (name, hub) in hubs {
      for nodes in [1, 2, 4] {
        let machines = try ReplicationMeasurements(folder: folder, nodes: nodes, hub: hub)
        defer { machines.stop() }
        try report.add(
          Row(
            name: "replicated commits, \(nodes) \(nodes == 1 ? "node" : "nodes"), hub \(name)",
            ours: try await machines.rate(seconds: quick ? 5 : 20), peer: nil, unit: "commits/s", goal: .none))
      }
    }
  }
}
