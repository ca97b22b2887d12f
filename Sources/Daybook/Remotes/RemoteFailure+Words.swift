import Documents
import Git

extension StoreError {
  /// What went wrong at a remote, and what to do. No credential is in it: an address holds none.
  init(_ failure: RemoteFailure, at address: RemoteAddress) {
    let server = address.scheme == .folder ? address.path : address.host
    switch failure {
    case .unreachable(let words):
      self.init(
        .remote, "\(address) could not be reached: \(Self.plain(words)).",
        hint: "Check the address and the network; `daybook remote test` tells step by step.")
    case .notFound:
      self.init(
        .remote, "There is no repository at \(address), or not for this user.",
        hint: address.scheme == .folder
          ? "Check the path; `git init --bare \(address.path)` makes one." : "Check the path.")
    case .credentialsMissing:
      self.init(.remote, "\(server) wants to know who asks.", hint: Self.credentialHint(address))
    case .credentialsRefused:
      self.init(.remote, "\(server) refused the credentials.", hint: Self.credentialHint(address))
    case .certificateInvalid:
      self.init(
        .refused, "\(server) cannot prove who it is: its certificate is not valid here.",
        hint:
          "It is expired, for another name, or of an authority unknown here. DAYBOOK_REMOTE_CA_FILE may name its own.")
    case .hostKeyUnknown(let key):
      self.init(.refused, "Nobody has said yet that \(server) has \(Self.words(key)).", hint: Self.addingHint(address))
    case .hostKeyChanged(let key):
      self.init(
        .refused, "\(server) shows another key than it is known by: \(Self.words(key)). Somebody may stand in between.",
        hint: """
          Ask who runs it. Only if its key was changed: `ssh-keygen -R '\(Self.knownName(address))'`, and add the new one.
          """
      )
    case .tooMany(let objects):
      self.init(.limit, "\(address) sends more than the \(objects) objects that one transfer may have.")
    case .tooLarge(let bytes):
      self.init(.limit, "\(address) sends more than the \(bytes >> 20) MiB that one transfer may have.")
    case .wholeOnly:
      self.init(
        .remote, "\(server) sends a history as a whole, or not at all.", hint: "Clone it without --depth.")
    case .notBare:
      self.init(
        .refused, "\(address) has working files, which a push would leave behind.",
        hint: "Make a repository without: `git init --bare`.")
    case .local(let error):
      self.init(.unavailable, "The transfer could not be prepared.", cause: error)
    }
  }

  private static func credentialHint(_ address: RemoteAddress) -> String {
    address.scheme == .ssh
      ? "Add a key to the agent of ssh, or name one with --key where the remote is added or cloned."
      : "Give a token with --token-file where the remote is added or cloned, or set up Git's credential helper."
  }

  private static func addingHint(_ address: RemoteAddress) -> String {
    """
    Compare that with what its operator says. To add it: \
    `ssh-keyscan -p \(address.effectivePort ?? 22) \(address.host) >> ~/.ssh/known_hosts`
    """
  }

  private static func knownName(_ address: RemoteAddress) -> String {
    KnownHosts.name(address.host, port: address.effectivePort ?? 22)
  }

  /// As `ssh-keygen -l` shows it.
  private static func words(_ key: HostKey) -> String {
    "the \(plain(key.type)) key SHA256:\(Base64.encode(key.fingerprint).prefix { $0 != "=" })"
  }

  /// What a stranger said, on one line and not for long.
  static func plain(_ words: String) -> String {
    let scalars = words.unicodeScalars.prefix(Limits.remoteWords).map {
      $0.properties.generalCategory == .control ? " " : $0
    }
    let text = String(String.UnicodeScalarView(scalars))
    let end = text.lastIndex { $0 != " " && $0 != "." }
    return end.map { String(text[...$0]) } ?? "it said nothing"
  }
}

extension StoreError {
  /// Why what a remote holds is not let in.
  init(_ fault: ArrivalFault, from address: RemoteAddress) {
    switch fault {
    case .rewritten(let known, let found):
      self.init(
        .refused, "\(address) has rewritten its history: \(found.short) does not come after \(known.short).",
        hint: "Nothing was taken. Find out who forced it; push the history that was there, or clone the store anew.")
    case .tooManyCommits(let limit):
      self.init(.limit, "\(address) holds more than the \(limit) commits that are taken at once.")
    case .hostile(let commit, let path, let reason):
      self.init(
        .refused, "Commit \(commit.short) of \(address) is not taken: \(path.isEmpty ? "it" : "'\(path)'") \(reason).",
        hint: "Nothing was taken. Take it out of the remote's history, or find out who put it there.",
        document: path.isEmpty ? nil : path)
    case .unreadable(let error):
      self.init(
        .refused, "What \(address) sent is damaged or not whole.",
        hint: "Nothing was taken; `git fsck` there says more.",
        cause: error)
    }
  }
}
