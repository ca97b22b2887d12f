package import Git

/// The remotes of a store, as its Git configuration names them: so plain `git pull` and `git push` know them too. It
/// can be read and changed whoever owns the store.
package struct RemoteConfiguration: Sendable {
  private let path: String

  /// A remote with its address as it is configured, which may be one that is not let in.
  package struct Remote: Equatable, Sendable {
    package let name: String
    package let address: String
    /// Why the address is not let in.
    package let problem: String?
  }

  /// - Parameter path: The store's folder.
  package init(of path: String) {
    self.path = path
  }

  /// In the order of their names.
  package func remotes() throws(StoreError) -> [Remote] {
    try changing { repository in
      try repository.remoteNames().sorted().compactMap { name in
        guard let address = try repository.configuration(Self.addressKey(name)) else { return nil }
        return Remote(name: name, address: Self.withoutPassword(address), problem: Self.problem(of: address))
      }
    }
  }

  /// The remote of this name; without one the only remote, or among several 'origin'.
  package func remote(orTheOnly name: String?) throws(StoreError) -> RemoteName {
    if let name { return try RemoteName(name) }
    let names = try remotes().map(\.name)
    if names.count > 1, names.contains("origin") { return try RemoteName("origin") }
    guard let only = names.first else {
      throw StoreError(
        .notFound, "The store has no remote.", hint: "`daybook remote add origin ADDRESS` adds one.")
    }
    guard names.count == 1 else {
      throw StoreError(.usage, "The store has several remotes: \(names.joined(separator: ", ")).", hint: "Name one.")
    }
    return try RemoteName(only)
  }

  package func address(of name: RemoteName) throws(StoreError) -> RemoteAddress {
    try RemoteAddress(checking: text(of: name))
  }

  private func text(of name: RemoteName) throws(StoreError) -> String {
    if let text = try changing({ try $0.configuration(Self.addressKey(name.description)) }) { return text }
    throw StoreError(
      .notFound, "There is no remote '\(name)'.",
      hint: "`daybook remote list` shows them, `daybook remote add` adds one.")
  }

  /// The branch that the store is on, in full.
  package func branch() throws(StoreError) -> String {
    guard let branch = try changing({ try $0.currentBranch() }) else {
      throw StoreError(.conflict, "HEAD names no branch.", hint: "Switch to one with `git switch`.")
    }
    return branch
  }

  /// Also says what a plain `git fetch` brings: all branches, as it would have it.
  func add(_ name: RemoteName, _ address: RemoteAddress) throws(StoreError) {
    try requireAbsent(name)
    try changing { repository in
      try repository.setConfiguration("remote.\(name).fetch", to: "+refs/heads/*:refs/remotes/\(name)/*")
      try repository.setConfiguration(Self.addressKey(name.description), to: address.text)
    }
  }

  /// Lets a plain `git pull` on this branch know where from.
  func follow(_ branch: String, of name: RemoteName) throws(StoreError) {
    let key = "branch.\(branch.dropFirst("refs/heads/".count))"
    try changing { repository in
      try repository.setConfiguration("\(key).remote", to: name.description)
      try repository.setConfiguration("\(key).merge", to: branch)
    }
  }

  func requireAbsent(_ name: RemoteName) throws(StoreError) {
    guard try changing({ try $0.configuration(Self.addressKey(name.description)) }) == nil else {
      throw StoreError(
        .refused, "There is a remote '\(name)' already.", hint: "`daybook remote remove \(name)` takes it away.")
    }
  }

  /// Takes a remote away, with the refs of what it held.
  func remove(_ name: RemoteName) throws(StoreError) {
    _ = try text(of: name)
    try changing { repository in
      for reference in try repository.references() where name.owns(reference.name) {
        try repository.removeReference(reference.name)
      }
      try repository.removeRemote(name.description)
    }
  }

  private static func addressKey(_ name: String) -> String { "remote.\(name).url" }

  private static func problem(of address: String) -> String? {
    do {
      _ = try RemoteAddress(parsing: address)
      return nil
    } catch {
      return error.description
    }
  }

  /// Plain Git takes addresses with a password in them; they are not shown.
  private static func withoutPassword(_ address: String) -> String {
    guard let scheme = address.firstRange(of: "://") else { return address }
    let rest = address[scheme.upperBound...]
    guard let mark = rest.prefix(while: { $0 != "/" }).lastIndex(of: "@"), rest[..<mark].contains(":") else {
      return address
    }
    return "\(address[..<scheme.upperBound])…\(address[mark...])"
  }

  private func changing<Result>(_ body: (borrowing Repository) throws -> Result) throws(StoreError) -> Result {
    do {
      let repository = try Repository.open(at: path, staged: StagedObjects())
      return try body(repository)
    } catch {
      throw StoreError(
        .unavailable, "The remotes in the Git configuration of \(path) could not be read or changed.", cause: error)
    }
  }
}

extension RemoteAddress {
  /// An address that somebody gave, or a configuration holds.
  package init(checking text: String) throws(StoreError) {
    do {
      try self.init(parsing: text)
    } catch {
      throw StoreError(
        error == .password ? .refused : .usage, "The address of the remote is not taken. \(error)",
        hint: "Taken are \(RemoteAddressFault.allowed).")
    }
  }
}
