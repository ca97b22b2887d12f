import Foundation
import Measuring
import Synchronization

extension Benchmarks {
  /// The service over HTTP; one worker of the peer, since SQLite has one writer.
  func http() throws {
    let http = try HTTPMeasurements(folder: folder)
    defer { http.stop() }
    try http.fill()
    let seconds = quick ? 5 : 10
    try measure(http, "GET of a document", "GET", connections: 64, seconds, .ratioAtLeast(5))
    try measure(http, "durable PUT from 64 connections", "PUT", connections: 64, seconds, .ratioAtLeast(3))
    let settings = (
      ours: try http.load("READ", "/api/v1/users/settings", ours: true, connections: 16, seconds: seconds),
      peer: try http.load("READ", "/settings", ours: false, connections: 16, seconds: seconds)
    )
    try report.add(
      Row(
        name: "settings read at 16 ways, p99", ours: settings.ours.latency, peer: settings.peer.latency, unit: "ms",
        goal: .atMost(5)))
  }

  /// What agents ask of the service.
  func agents() async throws {
    let http = try HTTPMeasurements(folder: folder)
    defer { http.stop() }
    let (ours, peer) = (AgentMeasurements(address: http.ours), AgentMeasurements(address: http.peer))
    let rounds = quick ? 100 : 500
    try report.add(
      Row(
        name: "state saved and restored at 16 ways, p99",
        ours: try await ours.stateMilliseconds(ways: 16, rounds: rounds),
        peer: try await peer.peerStateMilliseconds(ways: 16, rounds: rounds), unit: "ms", goal: .atMost(20)))
    let questions = quick ? 500 : 10_000
    try report.add(
      Row(
        name: "interrupted and resumed, \(questions) times in a row",
        ours: try await ours.interruptRate(rounds: questions),
        peer: nil, unit: "rounds/s", goal: .none))
    try await events(http, readers: quick ? 200 : 1_000)
  }

  private func events(_ http: HTTPMeasurements, readers: Int) async throws {
    let service = http.service
    let before = try HTTPMeasurements.residentMegabytes(of: service)
    let after = Mutex(before)
    let delay = try await EventDelay(http.ours, readers: readers).measure(writes: 100) {
      let resident = try HTTPMeasurements.residentMegabytes(of: service)
      after.withLock { $0 = resident }
    }
    try report.add(
      Row(
        name: "delay of events with \(readers) readers, p99", ours: delay, peer: nil, unit: "ms", goal: .atMost(50)))
    try report.add(
      Row(
        name: "memory of the service with \(readers) connections; none", ours: after.withLock { $0 }, peer: before,
        unit: "MB", goal: .none))
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
