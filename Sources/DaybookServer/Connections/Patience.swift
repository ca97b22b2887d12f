/// How long the service waits for whoever is at the other end of a connection.
package struct Patience: Sendable {
  /// For the head of a request: from the beginning of the connection, or from the end of the answer before.
  package var idle = Duration.seconds(60)
  /// For a body that is read as a whole, and for a text that is written while it is sent.
  package var body = BodyPace.Rule(silence: .seconds(30), start: .seconds(30), bytesPerSecond: 8 << 10)
  package var stream = BodyPace.Rule(silence: .seconds(120), start: .seconds(3_600), bytesPerSecond: 1 << 10)
  /// For a reader that takes nothing of its answer.
  package var reader = Duration.seconds(30)
  /// For a client that was answered before all of its request had come, so that it finds the answer before the end.
  package var farewell = Duration.seconds(2)

  package init() {}
}
