import CGit2

/// What libgit2 asks while it talks to a remote, and what it is answered. Lives on the thread of one transfer.
///
/// libgit2 asks for credentials again as long as they are refused, and forgets why a callback said no: so this counts,
/// and remembers.
final class RemoteConversation {
  let access: RemoteAccess
  private let limits: TransferLimits
  private let onProgress: (TransferProgress) -> Void
  /// Why a callback said no.
  private(set) var failure: RemoteFailure?
  /// What the server said of each ref that was pushed; nil for yes.
  private(set) var verdicts: [String: String?] = [:]
  /// What is said about histories that are cut.
  var exchange: ShallowExchange
  private var timesAsked = 0

  /// How often the same credential is given: a server may ask on each connection.
  private static let mostAnswers = 4
  static let refused = GIT_EUSER.rawValue

  init(
    _ access: RemoteAccess, _ exchange: ShallowExchange, limits: TransferLimits,
    onProgress: @escaping (TransferProgress) -> Void
  ) {
    self.access = access
    self.exchange = exchange
    self.limits = limits
    self.onProgress = onProgress
  }

  /// Throws why a call failed.
  func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(RemoteFailure) {
    guard status < 0 else { return }
    let told = RemoteFailure.last(status, operation())
    throw failure ?? told
  }

  private func give(up failure: RemoteFailure) -> Int32 {
    self.failure = failure
    return Self.refused
  }

  // MARK: Credentials

  fileprivate func answer(
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, to url: String, _ types: UInt32
  ) -> Int32 {
    guard let asking = try? RemoteAddress(parsing: url), asking.isSameServer(as: access.address) else {
      return give(up: .credentialsRefused)
    }
    let user = access.credential?.user ?? access.address.user ?? "git"
    if types & GIT_CREDENTIAL_USERNAME.rawValue != 0 { return unsafe git_credential_username_new(result, user) }
    guard let credential = access.credential else { return give(up: .credentialsMissing) }
    timesAsked += 1
    guard timesAsked <= Self.mostAnswers else { return give(up: .credentialsRefused) }
    switch credential {
    case .password(_, let password) where types & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0:
      return unsafe git_credential_userpass_plaintext_new(result, user, password)
    case .agent where types & GIT_CREDENTIAL_SSH_KEY.rawValue != 0:
      return unsafe git_credential_ssh_key_from_agent(result, user)
    case .key(_, let file, let passphrase) where types & GIT_CREDENTIAL_SSH_KEY.rawValue != 0:
      return unsafe git_credential_ssh_key_new(result, user, nil, file, passphrase)
    default: return give(up: .credentialsRefused)
    }
  }

  // MARK: Who the server is

  fileprivate func judge(_ key: HostKey) -> Int32 {
    switch access.judgeHostKey(key) {
    case .known: 0
    case .unknown: give(up: .hostKeyUnknown(key))
    case .changed: give(up: .hostKeyChanged(key))
    }
  }

  fileprivate func judge(certificateIsValid isValid: Bool) -> Int32 {
    isValid ? 0 : give(up: .certificateInvalid)
  }

  // MARK: Progress

  fileprivate func noteReceived(objects: Int, of total: Int, resolved: Int, deltas: Int, bytes: Int) -> Int32 {
    if total > limits.objects { return give(up: .tooMany(objects: limits.objects)) }
    if bytes > limits.bytes { return give(up: .tooLarge(bytes: limits.bytes)) }
    if objects < total || deltas == 0 {
      onProgress(TransferProgress(.receiving, done: objects, total: total, bytes: bytes))
    } else {
      onProgress(TransferProgress(.resolving, done: resolved, total: deltas, bytes: bytes))
    }
    return 0
  }

  func note(_ progress: TransferProgress) { onProgress(progress) }

  fileprivate func note(_ status: String?, of reference: String) { verdicts[reference] = .some(status) }
}

extension RemoteConversation {
  /// The callbacks that lead here. Whoever hands them out keeps this alive as long as libgit2 may call.
  @unsafe
  func callbacks() throws(RemoteFailure) -> git_remote_callbacks {
    var callbacks = unsafe git_remote_callbacks()
    try check(
      unsafe git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION)), "prepare a transfer")
    unsafe callbacks.payload = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe Self.setQuestions(&callbacks)
    unsafe Self.setProgress(&callbacks)
    if exchange.isNeeded { unsafe Self.setTransport(&callbacks) }
    return unsafe callbacks
  }

  static func from(_ payload: UnsafeMutableRawPointer?) -> RemoteConversation? {
    unsafe payload.map { unsafe Unmanaged<RemoteConversation>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func setQuestions(_ callbacks: inout git_remote_callbacks) {
    unsafe callbacks.credentials = { result, url, _, types, payload in
      guard let conversation = unsafe RemoteConversation.from(payload), let url = unsafe url else {
        return RemoteConversation.refused
      }
      return unsafe conversation.answer(result, to: String(cString: url), types)
    }
    unsafe callbacks.certificate_check = { certificate, isValid, _, payload in
      guard let conversation = unsafe RemoteConversation.from(payload), let certificate = unsafe certificate else {
        return RemoteConversation.refused
      }
      guard unsafe certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
        return conversation.judge(certificateIsValid: isValid == 1)
      }
      return unsafe certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { host in
        guard unsafe host.pointee.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0 else {
          return RemoteConversation.refused
        }
        let bytes = unsafe UnsafeRawBufferPointer(start: host.pointee.hostkey, count: host.pointee.hostkey_len)
        return unsafe conversation.judge(HostKey(bytes: Array(bytes)))
      }
    }
    unsafe callbacks.push_update_reference = { name, status, payload in
      guard let conversation = unsafe RemoteConversation.from(payload), let name = unsafe name else {
        return RemoteConversation.refused
      }
      unsafe conversation.note(status.map { unsafe String(cString: $0) }, of: String(cString: name))
      return 0
    }
  }

  private static func setTransport(_ callbacks: inout git_remote_callbacks) {
    unsafe callbacks.transport = { result, remote, payload in
      guard let conversation = unsafe RemoteConversation.from(payload) else { return RemoteConversation.refused }
      return unsafe ShallowTransport.make(result, remote, conversation)
    }
  }

  private static func setProgress(_ callbacks: inout git_remote_callbacks) {
    unsafe callbacks.transfer_progress = { progress, payload in
      guard let conversation = unsafe RemoteConversation.from(payload), let progress = unsafe progress?.pointee else {
        return RemoteConversation.refused
      }
      return conversation.noteReceived(
        objects: Int(progress.received_objects), of: Int(progress.total_objects),
        resolved: Int(progress.indexed_deltas), deltas: Int(progress.total_deltas), bytes: progress.received_bytes)
    }
    unsafe callbacks.sideband_progress = { _, _, payload in
      unsafe RemoteConversation.from(payload)?.note(TransferProgress(.waiting))
      return 0
    }
    unsafe callbacks.pack_progress = { _, current, total, payload in
      unsafe RemoteConversation.from(payload)?.note(TransferProgress(.packing, done: Int(current), total: Int(total)))
      return 0
    }
    unsafe callbacks.push_transfer_progress = { current, total, bytes, payload in
      unsafe RemoteConversation.from(payload)?.note(
        TransferProgress(.sending, done: Int(current), total: Int(total), bytes: bytes))
      return 0
    }
  }
}
