import Git
import Storage

/// A remote that is to be added to a store.
package struct RemoteSetup: Sendable {
  /// What opens it, if that is to be kept.
  package enum Secret: Sendable {
    /// A token, or a password.
    case token(String)
    /// The file of a private key of ssh, by its whole path.
    case key(String, passphrase: String)
  }

  let name: RemoteName
  let address: RemoteAddress
  let credential: Credential?

  /// - Parameter user: Who opens it, where the address does not say.
  package init(_ name: String, at address: String, user: String?, secret: Secret?) throws(StoreError) {
    self.name = try RemoteName(name)
    let address = try RemoteAddress(checking: address)
    self.address = address
    switch secret {
    case nil: credential = nil
    case .token(let token):
      guard address.scheme == .https || address.scheme == .http else {
        throw StoreError(.usage, "A token is for an https address.", hint: "For ssh, name a key.")
      }
      guard !token.isEmpty, token.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        throw StoreError(.usage, "The token is not one line of text.")
      }
      credential = .password(user: user ?? address.user ?? Credential.usualUser, password: token)
    case .key(let file, let passphrase):
      guard address.scheme == .ssh else {
        throw StoreError(.usage, "A key is for an ssh address.", hint: "For https, give a token.")
      }
      credential = .key(user: user ?? address.user, file: file, passphrase: passphrase)
    }
  }

  /// Adds it to the Git configuration of a store, and keeps its secret outside of that.
  ///
  /// - Throws: `.refused` when the store has a remote of this name, or one of its copies on this machine keeps what
  ///   opens another server under it.
  package func add(toStoreAt path: String, environment: [String: String]) throws(StoreError) {
    let file = CredentialFile(of: name, storeID: try Store.id(at: path), environment: environment)
    let configuration = RemoteConfiguration(of: path)
    try configuration.requireAbsent(name)
    if address.isOpenedBySecrets { try file?.requireNoOther(than: address) }
    if let credential {
      guard let file else {
        throw StoreError(
          .unavailable, "There is no place for what opens the remote: neither HOME nor XDG_CONFIG_HOME is set.",
          hint: "Set HOME.")
      }
      try file.write(credential, for: address)
    }
    try configuration.add(name, address)
  }

  /// Takes a remote away, with what opens it and what is known of syncs with it.
  package static func remove(
    _ name: String, fromStoreAt path: String, environment: [String: String]
  ) throws(StoreError) {
    let name = try RemoteName(name)
    let id = try Store.id(at: path)
    let configuration = RemoteConfiguration(of: path)
    // One that is not let in any more may have been before.
    let isOpenedBySecrets = (try? configuration.address(of: name))?.isOpenedBySecrets ?? true
    try configuration.remove(name)
    if isOpenedBySecrets { try CredentialFile(of: name, storeID: id, environment: environment)?.remove() }
    for folder in [SyncRecord.folder, RegisterNote.folder] {
      try LocalFiles(in: folder, of: path, LocalFileSystem()).remove("\(name)")
    }
  }
}

extension RemoteAddress {
  /// A folder is opened by nothing; what is kept under the name of such a remote is for one of another copy of the store.
  var isOpenedBySecrets: Bool { scheme != .folder }
}
