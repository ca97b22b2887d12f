/// How a remote is reached, and by what it is recognized.
package struct RemoteAccess: Sendable {
  package var address: RemoteAddress
  package var credential: Credential?
  /// Decides on the key of an ssh server.
  package var judgeHostKey: @Sendable (HostKey) -> HostKeyVerdict

  package init(
    _ address: RemoteAddress, credential: Credential? = nil,
    judgeHostKey: @escaping @Sendable (HostKey) -> HostKeyVerdict = { _ in .unknown }
  ) {
    self.address = address
    self.credential = credential
    self.judgeHostKey = judgeHostKey
  }
}

/// How much one transfer may bring.
package struct TransferLimits: Equatable, Sendable {
  /// Bytes that are received, as packed.
  package var bytes: Int
  package var objects: Int

  package init(bytes: Int, objects: Int) {
    (self.bytes, self.objects) = (bytes, objects)
  }
}

/// How far a transfer is.
package struct TransferProgress: Equatable, Sendable {
  package enum Step: String, Sendable {
    /// The other side counts and packs.
    case waiting
    case receiving
    /// Deltas become objects.
    case resolving
    case packing
    case sending
    /// What came is looked at.
    case inspecting
  }

  package var step: Step
  package var done: Int
  /// Nil while nobody knows.
  package var total: Int?
  package var bytes: Int

  package init(_ step: Step, done: Int = 0, total: Int? = nil, bytes: Int = 0) {
    (self.step, self.done, self.total, self.bytes) = (step, done, total, bytes)
  }
}
