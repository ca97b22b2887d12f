import Documents
package import Git
package import Storage

/// The file with the credential of one remote of a store: outside of the repository, for its owner's eyes alone.
///
///     <config folder>/daybook/remotes/<store id>/<remote>.json    {"server": "https://host:443", "user": …, …}
///
/// It names the server that it is for: whoever changes the address of a remote in the repository's configuration does
/// not get it sent elsewhere.
package struct CredentialFile: Sendable {
  private let path: String
  private let fileSystem: any FileSystem

  /// Nil where there is no config folder.
  package init?(
    of remote: RemoteName, storeID: String, environment: [String: String],
    fileSystem: any FileSystem = LocalFileSystem()
  ) {
    guard let folder = UserFolder.configuration(environment) else { return nil }
    path = "\(folder)/daybook/remotes/\(storeID)/\(remote).json"
    self.fileSystem = fileSystem
  }

  /// The credential for this address; nil where none is kept.
  package func read(for address: RemoteAddress) throws(StoreError) -> Credential? {
    guard let (credential, server) = try kept() else { return nil }
    guard server == Self.server(address) else {
      throw StoreError(
        .refused, "The credential in \(path) is for another server than \(address.host).",
        hint: "If the remote really moved, remove it and add it again with `daybook remote`.")
    }
    return credential
  }

  /// Throws when a credential for another server is kept here: all copies of a store on this machine share the file.
  func requireNoOther(than address: RemoteAddress) throws(StoreError) {
    guard let (_, server) = try kept(), server != Self.server(address) else { return }
    throw StoreError(
      .refused, "What opens \(server) is kept for the same name in \(path), perhaps for another copy of the store.",
      hint: "Call this remote otherwise, or remove that file if nobody needs it any more.")
  }

  private func kept() throws(StoreError) -> (credential: Credential, server: String)? {
    let bytes = try reaching { () throws(FileError) -> [UInt8]? in
      guard let status = try fileSystem.status(path) else { return nil }
      guard status.kind == .file, status.mode & 0o077 == 0 else { throw FileError(.read, path, code: Self.notOurs) }
      return try fileSystem.read(path, limit: Limits.credentialBytes)
    }
    guard let bytes else { return nil }
    guard let root = (try? JSONText(parsing: bytes))?.root, let credential = Credential(root),
      let server = root["server"]?.string
    else {
      throw StoreError(
        .damaged, "The credential in \(path) cannot be read.", hint: "Add the remote again with `daybook remote add`.")
    }
    return (credential, server)
  }

  /// Keeps a credential, durably, in place of the one that was there.
  package func write(_ credential: Credential, for address: RemoteAddress) throws(StoreError) {
    var json = credential.json
    json["server"] = .string(Self.server(address))
    let bytes = JSONText(formatting: .object(json)).bytes
    try reaching { () throws(FileError) in
      try fileSystem.makeDirectory(parentPath(of: path), permissions: 0o700)
      try fileSystem.atomicallyReplace(path, with: bytes.span, permissions: 0o600, durable: true)
    }
  }

  /// One that is not there is removed already.
  package func remove() throws(StoreError) {
    try reaching { () throws(FileError) in
      if try fileSystem.exists(path) { try fileSystem.remove(path) }
    }
  }

  private static let notOurs: Int32 = 13

  private static func server(_ address: RemoteAddress) -> String {
    "\(address.scheme.rawValue)://\(address.host):\(address.effectivePort ?? 0)"
  }

  private func reaching<Result>(_ body: () throws(FileError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(
        .unavailable, "The credential at \(path) cannot be used.",
        hint: "It must be a plain file that only you can read: chmod 600.", cause: error)
    }
  }
}
