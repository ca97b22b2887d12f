import Measuring

extension Benchmarks {
  /// The service over HTTP; one worker of the peer, since SQLite has one writer.
  func http() throws {
    let http = try HTTPMeasurements(folder: folder)
    defer { http.stop() }
    try http.fill()
    let seconds = quick ? 5 : 10
    try measure(http, "GET of a document", "GET", connections: 64, seconds, .ratioAtLeast(5))
    try measure(http, "durable PUT from 64 connections", "PUT", connections: 64, seconds, .ratioAtLeast(3))
  }

  private func measure(
    _ http: HTTPMeasurements, _ name: String, _ method: String, connections: Int, _ seconds: Int, _ goal: Goal
  ) throws {
    var ours: [HTTPMeasurements.Result] = []
    var peer: [HTTPMeasurements.Result] = []
    for _ in 0..<(quick ? 1 : 3) {
      ours.append(try http.load(method, ours: true, connections: connections, seconds: seconds))
      peer.append(try http.load(method, ours: false, connections: connections, seconds: seconds))
    }
    try report.add(
      Row(
        name: "\(name), FastAPI on SQLite FULL", ours: Rounds.median(ours.map(\.rate)),
        peer: Rounds.median(peer.map(\.rate)), unit: "requests/s", goal: goal))
    try report.add(
      Row(
        name: "the same, p99", ours: Rounds.median(ours.map(\.latency)), peer: Rounds.median(peer.map(\.latency)),
        unit: "ms", goal: .none))
  }
}
