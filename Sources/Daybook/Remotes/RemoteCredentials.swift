package import Git
import Storage

/// Where the credential of a remote comes from: the file that `RemoteSetup` wrote, else Git's own helper, or for ssh
/// the agent or the usual key.
package struct RemoteCredentials: Sendable {
  /// Writes a question to `git credential fill` and answers what that printed; nil when it did not answer.
  package typealias Helper = @Sendable (_ question: [UInt8]) -> [UInt8]?

  private let environment: [String: String]
  private let askHelper: Helper

  private static let usualKeys = ["id_ed25519", "id_ecdsa", "id_rsa"]

  package init(environment: [String: String], askHelper: @escaping Helper) {
    (self.environment, self.askHelper) = (environment, askHelper)
  }

  /// For a remote of a store; nil for none.
  ///
  /// - Parameter store: The store's folder.
  package func credential(
    of name: RemoteName, at address: RemoteAddress, forStoreAt store: String
  ) throws(StoreError) -> Credential? {
    let file = CredentialFile(of: name, storeID: try Store.id(at: store), environment: environment)
    let kept = address.isOpenedBySecrets ? try file?.read(for: address) : nil
    return kept ?? usual(address)
  }

  /// What opens an address of which nothing is kept; nil for nothing.
  package func usual(_ address: RemoteAddress) -> Credential? {
    switch address.scheme {
    case .https, .http: return askHelper(Self.question(address)).flatMap(Self.answer)
    case .ssh: return sshCredential()
    case .folder: return nil
    }
  }

  private func sshCredential() -> Credential? {
    if environment["SSH_AUTH_SOCK"]?.isEmpty == false { return .agent(user: nil) }
    guard let home = environment["HOME"] else { return nil }
    let files = Self.usualKeys.map { "\(home)/.ssh/\($0)" }
    let key = files.first { (try? LocalFileSystem().exists($0)) == true }
    return key.map { .key(user: nil, file: $0, passphrase: "") }
  }

  // MARK: Git's helper

  /// What `git credential fill` reads: one `name=value` a line, and an empty one.
  static func question(_ address: RemoteAddress) -> [UInt8] {
    let host = address.port.map { "\(address.host):\($0)" } ?? address.host
    var lines = ["protocol=\(address.scheme.rawValue)", "host=\(host)", "path=\(address.path.drop { $0 == "/" })"]
    if let user = address.user { lines.append("username=\(user)") }
    return Array((lines.joined(separator: "\n") + "\n\n").utf8)
  }

  static func answer(_ bytes: [UInt8]) -> Credential? {
    var found: [Substring: String] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { found[parts[0]] = String(parts[1]) }
    }
    guard let user = found["username"], let password = found["password"] else { return nil }
    return .password(user: user, password: password)
  }
}
