import CGit2

/// A connection to a remote on a server, which ends with this value.
///
/// It knows an address and nothing else: what a configuration says of remotes, such as rewritten addresses, does not
/// count, no ref is written here, and no tag is followed. Who answers from another host is not followed either, and so
/// gets no credential.
@safe
package struct Remote: ~Copyable {
  let handle: OpaquePointer
  let conversation: RemoteConversation

  package enum Direction: Sendable {
    case fetching, pushing
  }

  /// What a remote says that it holds.
  package struct Listing: Equatable, Sendable {
    package var references: [Reference]
    /// The branch that its HEAD names.
    package var head: String?

    package init(references: [Reference], head: String?) {
      (self.references, self.head) = (references, head)
    }

    package func id(of reference: String) -> ObjectID? { references.first { $0.name == reference }?.id }
  }

  /// How many refs a remote may name.
  private static let mostReferences = 100_000

  /// Connects on behalf of a repository, which takes what is fetched and holds what is pushed.
  ///
  /// - Parameter depth: How many commits in a row are to come at most; nil for all.
  package init(
    _ direction: Direction, _ access: RemoteAccess, for repository: borrowing Repository, depth: Int? = nil,
    limits: TransferLimits, onProgress: @escaping (TransferProgress) -> Void
  ) throws(RemoteFailure) {
    let horizon = direction == .fetching ? repository.horizon : .none
    conversation = RemoteConversation(
      access, ShallowExchange(horizon: horizon, depth: depth), limits: limits, onProgress: onProgress)
    unsafe handle = try unsafe Self.connected(direction, conversation, repository.handle)
  }

  /// Connects to see what is there.
  package init(looking access: RemoteAccess) throws(RemoteFailure) {
    conversation = RemoteConversation(
      access, ShallowExchange(horizon: .none, depth: nil), limits: TransferLimits(bytes: 0, objects: 0)
    ) { _ in }
    unsafe handle = try unsafe Self.connected(.fetching, conversation, nil)
  }

  private static func connected(
    _ direction: Direction, _ conversation: RemoteConversation, _ repository: OpaquePointer?
  ) throws(RemoteFailure) -> OpaquePointer {
    do {
      try LibGit2.ensureStarted()
    } catch {
      throw .local(error)
    }
    var options = unsafe git_remote_create_options()
    try conversation.check(
      unsafe git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION)), "name a remote")
    unsafe options.repository = unsafe repository
    unsafe options.flags =
      GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
    var handle: OpaquePointer?
    let address = conversation.access.address.text
    try conversation.check(unsafe git_remote_create_with_opts(&handle, address, &options), "name a remote")
    do throws(RemoteFailure) {
      try unsafe connect(handle!, direction, conversation)
    } catch {
      unsafe git_remote_free(handle)
      throw error
    }
    return unsafe handle!
  }

  private static func connect(
    _ handle: OpaquePointer, _ direction: Direction, _ conversation: RemoteConversation
  ) throws(RemoteFailure) {
    var options = unsafe git_remote_connect_options()
    try conversation.check(
      unsafe git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION)), "connect")
    unsafe options.callbacks = try unsafe conversation.callbacks()
    unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
    let way = direction == .fetching ? GIT_DIRECTION_FETCH : GIT_DIRECTION_PUSH
    try conversation.check(unsafe git_remote_connect_ext(handle, way, &options), "connect")
  }

  deinit {
    unsafe git_remote_free(handle)
  }

  /// What the remote holds. It says so when it is connected to, and never again.
  package func listing() throws(RemoteFailure) -> Listing {
    var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
    var count = 0
    try conversation.check(unsafe git_remote_ls(&heads, &count, handle), "list the remote's refs")
    guard count <= Self.mostReferences else { throw .tooMany(objects: Self.mostReferences) }
    var listing = Listing(references: [], head: nil)
    for place in 0..<count {
      guard let head = unsafe heads?[place]?.pointee, let name = unsafe head.name else { continue }
      let reference = unsafe Reference(String(cString: name), ObjectID(head.oid))
      if reference.name == "HEAD" {
        listing.head = unsafe head.symref_target.map { unsafe String(cString: $0) }
      } else {
        listing.references.append(reference)
      }
    }
    return listing
  }

  /// Brings what a branch leads to and is not here yet, as a pack with its index.
  ///
  /// - Returns: How many objects came, bytes of them, and where the server has cut the history if it was asked to.
  package func download(_ branch: String) throws(RemoteFailure) -> (objects: Int, bytes: Int, horizon: Horizon) {
    guard conversation.exchange.canBeHad else { throw .wholeOnly }
    var options = unsafe git_fetch_options()
    try conversation.check(unsafe git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION)), "fetch")
    unsafe options.callbacks = try unsafe conversation.callbacks()
    unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
    unsafe options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
    unsafe options.update_fetchhead = 0
    let status = unsafe withList(of: [branch]) { [handle] list in
      unsafe git_remote_download(handle, list, &options)
    }
    try conversation.check(status, "fetch")
    let stats = unsafe git_remote_stats(handle)?.pointee
    return (
      Int(stats?.received_objects ?? 0), Int(stats?.received_bytes ?? 0), Horizon(conversation.exchange.borders)
    )
  }
}

/// Lends texts as libgit2 takes lists of them.
@unsafe
func withList(of texts: [String], _ body: (UnsafePointer<git_strarray>) -> Int32) -> Int32 {
  var bytes: [CChar] = []
  var offsets: [Int] = []
  for text in texts {
    offsets.append(bytes.count)
    bytes += Array(text.utf8CString)
  }
  return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
    var starts = unsafe offsets.map { offset in unsafe buffer.baseAddress.map { start in unsafe start + offset } }
    return unsafe starts.withUnsafeMutableBufferPointer { pointers in
      let list = unsafe git_strarray(strings: pointers.baseAddress, count: pointers.count)
      return unsafe withUnsafePointer(to: list) { unsafe body($0) }
    }
  }
}
