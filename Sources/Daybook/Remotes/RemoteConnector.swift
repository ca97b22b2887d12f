package import Git

/// How remotes are reached from here.
package struct RemoteConnector: Sendable {
  package var transport: any Transport
  package var trust: RemoteTrust
  /// What opens a remote at this address; nil for nothing.
  package var credential: @Sendable (RemoteName, RemoteAddress) throws(StoreError) -> Credential?

  package init(
    _ transport: any Transport, trust: RemoteTrust,
    credential: @escaping @Sendable (RemoteName, RemoteAddress) throws(StoreError) -> Credential? = { _, _ in nil }
  ) {
    (self.transport, self.trust, self.credential) = (transport, trust, credential)
  }

  /// Says what a remote holds.
  package func look(at address: RemoteAddress, called name: RemoteName) throws(StoreError) -> Remote.Listing {
    let answer = try carryOut(.look, at: address, called: name) { _ in }
    guard case .seen(let listing) = answer else { throw Self.misunderstanding }
    return listing
  }

  func fetch(
    _ fetch: TransferRequest.Fetch, from address: RemoteAddress, called name: RemoteName,
    _ onProgress: @escaping TransferListener
  ) throws(StoreError) -> TransferAnswer.Fetched {
    let answer = try carryOut(.fetch(fetch), at: address, called: name, onProgress)
    guard case .fetched(let fetched) = answer else { throw Self.misunderstanding }
    return fetched
  }

  func push(
    _ push: TransferRequest.Push, to address: RemoteAddress, called name: RemoteName,
    _ onProgress: @escaping TransferListener
  ) throws(StoreError) -> PushOutcome {
    let answer = try carryOut(.push(push), at: address, called: name, onProgress)
    guard case .pushed(let outcome) = answer else { throw Self.misunderstanding }
    return outcome
  }

  func mark(
    _ mark: TransferRequest.Mark, at address: RemoteAddress, called name: RemoteName
  ) throws(StoreError) -> PushOutcome {
    let answer = try carryOut(.mark(mark), at: address, called: name) { _ in }
    guard case .pushed(let outcome) = answer else { throw Self.misunderstanding }
    return outcome
  }

  private func carryOut(
    _ work: TransferRequest.Work, at address: RemoteAddress, called name: RemoteName,
    _ onProgress: @escaping TransferListener
  ) throws(StoreError) -> TransferAnswer {
    let request = TransferRequest(
      work, at: address, credential: try credential(name, address), trust: trust)
    return try transport.carryOut(request, onProgress: onProgress)
  }

  private static let misunderstanding = StoreError(
    .unavailable, "Who carries out transfers answered something else than it was asked.")
}
