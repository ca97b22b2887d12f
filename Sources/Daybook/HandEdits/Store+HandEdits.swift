import Documents

extension Store {
  /// Looks at all files now and takes in what people changed, as one commit of origin `hand`.
  ///
  /// A store that watches its folders does so by itself within half a second. An edit that is invalid is left in its file,
  /// and told by `status`. A missing file is waited for, two seconds at most, before it counts as deleted.
  ///
  /// - Returns: The documents that were changed.
  @discardableResult
  public func takeInHandEdits() async throws -> [DocumentAddress] {
    try await Blocking.run { try self.takeInHandEditsBlocking() }
  }

  @discardableResult
  package func takeInHandEditsBlocking() throws(StoreError) -> [DocumentAddress] {
    try parts.handEdits.takeInAll().map(\.address)
  }
}
