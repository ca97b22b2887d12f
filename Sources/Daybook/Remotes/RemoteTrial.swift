import Git

/// Tries a remote step by step; nothing is brought here or there.
package struct RemoteTrial: Sendable {
  package struct Step: Equatable, Sendable {
    package let name: String
    /// What was found, or what went wrong.
    package let detail: String
    package let hasPassed: Bool
  }

  private let name: RemoteName
  private let configuration: RemoteConfiguration
  private let connector: RemoteConnector

  /// - Parameter path: The store's folder.
  package init(_ name: String, ofStoreAt path: String, by connector: RemoteConnector) throws(StoreError) {
    self.name = try RemoteName(name)
    configuration = RemoteConfiguration(of: path)
    self.connector = connector
  }

  /// Tells each step, and throws what the first that fails comes to.
  package func run(_ tell: (Step) throws -> Void) throws {
    let address = try step("address", tell) {
      let address = try configuration.address(of: name)
      return (address, "\(address)")
    }
    try step("credential", tell) {
      let credential = try connector.credential(name, address)
      return ((), credential.map { "\($0)" } ?? "none is known, and none may be needed")
    }
    let listing = try step("connection", tell) {
      let listing = try connector.look(at: address, called: name)
      return (listing, "it answers, and has \(listing.references.count) refs")
    }
    try step("branch", tell) {
      let branch = try configuration.branch()
      return ((), listing.id(of: branch).map { "\(branch) holds \($0.short)" } ?? "it has no \(branch) yet")
    }
  }

  @discardableResult
  private func step<Result>(
    _ name: String, _ tell: (Step) throws -> Void, _ body: () throws -> (Result, detail: String)
  ) throws -> Result {
    do {
      let (result, detail) = try body()
      try tell(Step(name: name, detail: detail, hasPassed: true))
      return result
    } catch let error as StoreError {
      try tell(Step(name: name, detail: error.message, hasPassed: false))
      throw error
    }
  }
}
