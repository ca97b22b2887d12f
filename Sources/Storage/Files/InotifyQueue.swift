import Glibc

/// Linux's queue of what happens in folders, `inotify`, as values. An event is in the queue before the call that caused it
/// returns: who reads the queue empty knows of everything that was done until then.
final class InotifyQueue: Sendable {
  struct Event: Sendable {
    /// The number of the watched folder; -1 when the queue has lost events.
    var folder: Int32
    /// The name in that folder; empty when it is about the folder itself.
    var name: String
    var isFolder: Bool
    var hasCome: Bool
    var hasMovedAway: Bool
    /// The folder is watched no more.
    var isEnd: Bool
  }

  /// How much is read at once.
  private static let bufferBytes = 1 << 16
  private static let headerBytes = MemoryLayout<inotify_event>.size
  /// What makes a name of interest: something was written, came, or went.
  private static let mask = UInt32(
    IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF
      | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK)

  private let queue: Int32
  /// A pipe that ends the waiting.
  private let waker: (reader: Int32, writer: Int32)

  init() throws(FileError) {
    queue = try check(.watch, "folders") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      let code = errno
      _ = Glibc.close(queue)
      throw FileError(.watch, "folders", code: code)
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    waker = (ends[0], ends[1])
  }

  deinit {
    for descriptor in [queue, waker.reader, waker.writer] { _ = Glibc.close(descriptor) }
  }

  /// Watches a folder from now on; the same number again for one that is watched already.
  func add(_ path: String) throws(FileError) -> Int32 {
    try check(.watch, path) { unsafe inotify_add_watch(queue, path, Self.mask) }
  }

  func remove(_ folder: Int32) {
    _ = inotify_rm_watch(queue, folder)
  }

  /// Everything that is in the queue now.
  func drain() throws(FileError) -> [Event] {
    var events: [Event] = []
    while true {
      var failure: FileError?
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.bufferBytes) { buffer, count in
        let received = unsafe read(queue, buffer.baseAddress, buffer.count)
        if received < 0, errno != EAGAIN, errno != EINTR { failure = FileError(.watch, "folders", code: errno) }
        count = max(0, received)
      }
      if let failure { throw failure }
      if bytes.isEmpty { return events }
      Self.decode(bytes, into: &events)
    }
  }

  /// Waits until something is in the queue, somebody calls `wake`, or the time is over; nil: without end.
  func wait(milliseconds: Int?) {
    var descriptors = [
      pollfd(fd: queue, events: Int16(POLLIN), revents: 0), pollfd(fd: waker.reader, events: Int16(POLLIN), revents: 0),
    ]
    _ = unsafe poll(&descriptors, 2, milliseconds.map { Int32(clamping: $0) } ?? -1)
    var byte: UInt8 = 0
    while unsafe read(waker.reader, &byte, 1) > 0 {}
  }

  func wake() {
    var byte: UInt8 = 1
    // A full pipe is as good as another byte in it.
    _ = unsafe write(waker.writer, &byte, 1)
  }

  private static func decode(_ bytes: [UInt8], into events: inout [Event]) {
    var place = 0
    while place + headerBytes <= bytes.count {
      let header = unsafe bytes.withUnsafeBytes {
        unsafe $0.loadUnaligned(fromByteOffset: place, as: inotify_event.self)
      }
      let end = min(bytes.count, place + headerBytes + Int(header.len))
      let name = bytes[(place + headerBytes)..<end].prefix { $0 != 0 }
      func has(_ flags: Int32) -> Bool { header.mask & UInt32(flags) != 0 }
      events.append(
        Event(
          folder: has(IN_Q_OVERFLOW) ? -1 : header.wd, name: String(decoding: name, as: UTF8.self),
          isFolder: has(IN_ISDIR), hasCome: has(IN_CREATE | IN_MOVED_TO), hasMovedAway: has(IN_MOVED_FROM),
          isEnd: has(IN_IGNORED)))
      place = end
    }
  }
}
