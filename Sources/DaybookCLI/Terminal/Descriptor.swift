import Glibc

/// An open file, pipe or terminal. Closed when it goes away, unless it is a standard stream.
struct Descriptor: ~Copyable {
  private let number: Int32
  /// Whether somebody else closes it.
  private let isLent: Bool
  /// For messages.
  let name: String

  /// How a file is opened for writing.
  enum Creation {
    /// What is there is replaced.
    case readable
    /// Only the owner may read it. What is there goes first: its permissions would stay, and somebody may have it open.
    case readableByOwner
    /// Only the owner may read it, and a path that exists is an error.
    case temporary
  }

  static var standardInput: Descriptor { Descriptor(lent: Console.current.input, name: "standard input") }
  static var standardOutput: Descriptor { Descriptor(lent: Console.current.output, name: "standard output") }
  static var standardError: Descriptor { Descriptor(lent: Console.current.errors, name: "standard error") }

  private init(number: Int32, name: String) {
    self.number = number
    self.name = name
    isLent = false
  }

  private init(lent number: Int32, name: String) {
    self.number = number
    self.name = name
    isLent = true
  }

  /// The terminal that a command was lent, else this one.
  init(readingTerminal path: String) throws(SystemFailure) {
    if let terminal = Console.current.terminal {
      self.init(lent: terminal, name: path)
    } else {
      try self.init(reading: path)
    }
  }

  /// Closes files that came from somebody else.
  static func close(_ numbers: [Int32]) {
    for number in numbers { _ = Glibc.close(number) }
  }

  init(reading path: String) throws(SystemFailure) {
    let number = try check("read \(path)") { unsafe open(Console.current.path(path), O_RDONLY | O_CLOEXEC) }
    self.init(number: number, name: path)
  }

  init(writing path: String, _ creation: Creation) throws(SystemFailure) {
    let (flags, mode): (Int32, mode_t) = creation == .readable ? (O_TRUNC, 0o644) : (O_EXCL, 0o600)
    let target = Console.current.path(path)
    if creation == .readableByOwner { _ = unsafe unlink(target) }
    let number = try check("write \(path)") { unsafe open(target, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode) }
    self.init(number: number, name: path)
  }

  deinit {
    if !isLent { _ = Glibc.close(number) }
  }

  /// Whether a person sits at the other end.
  var isTerminal: Bool { isatty(number) == 1 }

  func terminalSettings() throws(SystemFailure) -> termios {
    var settings = termios()
    try check("ask on \(name)") { unsafe tcgetattr(number, &settings) }
    return settings
  }

  /// What was typed before is dropped.
  func apply(_ settings: termios) throws(SystemFailure) {
    var settings = settings
    try check("ask on \(name)") { unsafe tcsetattr(number, TCSAFLUSH, &settings) }
  }

  /// The next bytes, at most so many; none at the end.
  func read(_ count: Int) throws(SystemFailure) -> [UInt8] {
    try waitForInput()
    var (got, code) = (0, Int32(0))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      repeat { got = unsafe Glibc.read(number, buffer.baseAddress, count) } while got < 0 && errno == EINTR
      code = errno
      initializedCount = max(got, 0)
    }
    if got < 0 { throw SystemFailure("read \(name)", code: code) }
    return bytes
  }

  /// Returns when something can be read: who shares a terminal with somebody that has gone would take what is typed for the
  /// next one.
  private func waitForInput() throws(SystemFailure) {
    guard let lifeline = Console.current.lifeline else { return }
    var waiting = [
      pollfd(fd: number, events: Int16(POLLIN), revents: 0), pollfd(fd: lifeline, events: Self.gone, revents: 0),
    ]
    try check("read \(name)") { unsafe poll(&waiting, 2, -1) }
    if waiting[1].revents & Self.gone != 0 { throw SystemFailure("read \(name)", code: EPIPE) }
  }

  /// Whether the other side of an open socket has gone.
  static func hasHungUp(_ number: Int32) -> Bool {
    var socket = pollfd(fd: number, events: gone, revents: 0)
    return unsafe poll(&socket, 1, 0) > 0 && socket.revents & gone != 0
  }

  /// What `poll` says of a socket whose other side has gone.
  private static let gone = Int16(0x2000) | Int16(POLLHUP)

  func write(_ bytes: some Collection<UInt8>) throws(SystemFailure) {
    let bytes = Array(bytes)
    var done = 0
    while done < bytes.count {
      done += try check("write \(name)") {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress! + done, bytes.count - done) }
      }
    }
  }
}

extension Descriptor {
  private static let chunkBytes = 1 << 20

  /// Everything up to the end, at most `limit` bytes and one more: whoever asks sees that it is too long.
  func readAll(limit: Int) throws(SystemFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = try read(min(Self.chunkBytes, limit + 1 - bytes.count))
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }
}
