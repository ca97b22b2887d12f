import CGit2

/// Puts a `ShallowExchange` between libgit2 and a server.
///
/// libgit2 speaks Git's protocol over streams that something else opens, http or ssh. It takes that from outside as well:
/// so it gets its own streams back, each with one around it.
enum ShallowTransport {
  /// As libgit2 asks for the way to a remote.
  static func make(
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<git_transport>?>?, _ remote: OpaquePointer?,
    _ conversation: RemoteConversation
  ) -> Int32 {
    var definition = unsafe git_smart_subtransport_definition(
      callback: open, rpc: conversation.access.address.scheme == .ssh ? 0 : 1,
      param: Unmanaged.passUnretained(conversation).toOpaque())
    return unsafe git_transport_smart(result, remote, &definition)
  }

  // MARK: The way

  private typealias Way = UnsafeMutablePointer<daybook_subtransport>

  private static let open: git_smart_subtransport_cb = { result, transport, payload in
    guard let payload = unsafe payload, let conversation = unsafe RemoteConversation.from(payload) else {
      return RemoteConversation.refused
    }
    var inner: UnsafeMutablePointer<git_smart_subtransport>?
    let status =
      conversation.access.address.scheme == .ssh
      ? unsafe git_smart_subtransport_ssh(&inner, transport, nil)
      : unsafe git_smart_subtransport_http(&inner, transport, nil)
    guard status == 0 else { return status }
    let way = Way.allocate(capacity: 1)
    let head = unsafe git_smart_subtransport(action: act, close: close, free: free)
    unsafe way.initialize(
      to: daybook_subtransport(head: head, inner: inner, stream: nil, conversation: payload))
    unsafe result?.pointee = unsafe UnsafeMutableRawPointer(way).assumingMemoryBound(to: git_smart_subtransport.self)
    return 0
  }

  private static func outside(of head: UnsafeMutablePointer<git_smart_subtransport>?) -> Way? {
    unsafe head.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: daybook_subtransport.self) }
  }

  /// libgit2 counts on the same stream again where one lasts for the whole talk.
  private static let act:
    @convention(c) (
      UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>?,
      UnsafeMutablePointer<git_smart_subtransport>?, UnsafePointer<CChar>?, git_smart_service_t
    ) -> Int32 = { result, head, url, service in
      guard let way = unsafe outside(of: head), let inner = unsafe way.pointee.inner else {
        return RemoteConversation.refused
      }
      var found: UnsafeMutablePointer<git_smart_subtransport_stream>?
      let status = unsafe inner.pointee.action(&found, inner, url, service)
      guard status == 0 else { return status }
      if let stream = unsafe way.pointee.stream, unsafe stream.pointee.inner == found {
        unsafe result?.pointee = unsafe asLibGit2Sees(stream)
        return 0
      }
      let stream = Stream.allocate(capacity: 1)
      let outer = unsafe git_smart_subtransport_stream(subtransport: head, read: read, write: write, free: end)
      unsafe stream.initialize(to: daybook_stream(head: outer, inner: found, owner: way))
      unsafe way.pointee.stream = unsafe stream
      unsafe result?.pointee = unsafe asLibGit2Sees(stream)
      return 0
    }

  private static let close: @convention(c) (UnsafeMutablePointer<git_smart_subtransport>?) -> Int32 = { head in
    guard let inner = unsafe outside(of: head)?.pointee.inner else { return 0 }
    return unsafe inner.pointee.close(inner)
  }

  private static let free: @convention(c) (UnsafeMutablePointer<git_smart_subtransport>?) -> Void = { head in
    guard let way = unsafe outside(of: head) else { return }
    if let inner = unsafe way.pointee.inner { unsafe inner.pointee.free(inner) }
    unsafe way.deallocate()
  }

  // MARK: A stream

  private typealias Stream = UnsafeMutablePointer<daybook_stream>

  private static func asLibGit2Sees(_ stream: Stream) -> UnsafeMutablePointer<git_smart_subtransport_stream> {
    unsafe UnsafeMutableRawPointer(stream).assumingMemoryBound(to: git_smart_subtransport_stream.self)
  }

  private static func parts(
    _ head: UnsafeMutablePointer<git_smart_subtransport_stream>?
  ) -> (stream: Stream, inner: UnsafeMutablePointer<git_smart_subtransport_stream>, RemoteConversation)? {
    guard let head = unsafe head else { return nil }
    let stream = unsafe UnsafeMutableRawPointer(head).assumingMemoryBound(to: daybook_stream.self)
    guard let inner = unsafe stream.pointee.inner,
      let conversation = unsafe RemoteConversation.from(stream.pointee.owner.pointee.conversation)
    else { return nil }
    return unsafe (stream, inner, conversation)
  }

  private static let write:
    @convention(c) (UnsafeMutablePointer<git_smart_subtransport_stream>?, UnsafePointer<CChar>?, Int) -> Int32 = {
      head, bytes, count in
      guard let (_, inner, conversation) = unsafe parts(head) else { return RemoteConversation.refused }
      let said = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
      let whole = unsafe conversation.exchange.completing(Array(said))
      return unsafe whole.withUnsafeBytes { buffer in
        unsafe inner.pointee.write(inner, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
      }
    }

  /// Answers no bytes at the end of the stream alone.
  private static let read:
    @convention(c) (
      UnsafeMutablePointer<git_smart_subtransport_stream>?, UnsafeMutablePointer<CChar>?, Int,
      UnsafeMutablePointer<Int>?
    ) -> Int32 = { head, buffer, size, count in
      guard let (_, inner, conversation) = unsafe parts(head), let count = unsafe count else {
        return RemoteConversation.refused
      }
      let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size)
      while true {
        let ready = conversation.exchange.read(upTo: size)
        if !ready.isEmpty {
          unsafe room.copyBytes(from: ready)
          unsafe count.pointee = ready.count
          return 0
        }
        let status = unsafe inner.pointee.read(inner, buffer, size, count)
        if status < 0 || conversation.exchange.isTransparent { return status }
        if unsafe count.pointee == 0 { return status }
        unsafe conversation.exchange.hear(Array(room.prefix(count.pointee)))
      }
    }

  private static let end: @convention(c) (UnsafeMutablePointer<git_smart_subtransport_stream>?) -> Void = { head in
    guard let (stream, inner, _) = unsafe parts(head) else { return }
    unsafe inner.pointee.free(inner)
    if unsafe stream.pointee.owner.pointee.stream == stream { unsafe stream.pointee.owner.pointee.stream = nil }
    unsafe stream.deallocate()
  }
}
