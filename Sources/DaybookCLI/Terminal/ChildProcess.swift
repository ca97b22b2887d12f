import Glibc

/// A program with pipes in place of its standard input and output, without standard error, and in a process group of
/// its own: it is killed with all that it started when this value goes away.
struct ChildProcess: ~Copyable {
  private let id: pid_t
  private let output: Int32
  private let name: String
  private var buffer: [UInt8] = []

  enum Reading: Equatable {
    case line([UInt8])
    /// It has closed its output.
    case end
    /// Nothing came in the time that was given.
    case silence
  }

  /// Starts a program, found as a shell finds it, and writes what it is to read. That must be little: it waits until it
  /// is taken.
  init(
    _ program: String, _ arguments: [String], environment: [String: String], input: [UInt8]
  ) throws(SystemFailure) {
    name = program
    (id, output) = try Self.start(program, arguments, environment, input)
  }

  deinit {
    Descriptor.close([output])
    _ = kill(-id, SIGKILL)
    _ = kill(id, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
  }

  /// Who ends before it has read all tells so by what it writes, or does not.
  private static func write(_ bytes: [UInt8], to pipe: Int32) {
    defer { Descriptor.close([pipe]) }
    var done = 0
    while done < bytes.count {
      let count = try? check("write to a program") {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(pipe, $0.baseAddress! + done, bytes.count - done) }
      }
      guard let count else { return }
      done += count
    }
  }

  /// The next line without its end, of at most so many bytes.
  mutating func readLine(limit: Int, waiting duration: Duration) throws(SystemFailure) -> Reading {
    let deadline = ContinuousClock.now + duration
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeFirst(end + 1) }
        return .line(Array(buffer[..<end]))
      }
      searched = buffer.count
      guard searched <= limit else { throw SystemFailure("read what \(name) writes", code: EMSGSIZE) }
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let rest = max(0, (deadline - ContinuousClock.now) / .milliseconds(1))
      guard try check("wait for \(name)", { unsafe poll(&waiting, 1, Int32(min(rest, 1e9))) }) > 0 else {
        return .silence
      }
      if try !fill() { return .end }
    }
  }

  private mutating func fill() throws(SystemFailure) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = try check("read what \(name) writes") {
      unsafe chunk.withUnsafeMutableBytes { unsafe read(output, $0.baseAddress, $0.count) }
    }
    buffer += chunk.prefix(count)
    return count > 0
  }

  // MARK: Starting

  /// Answers its number, and where what it writes comes out.
  private static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ input: [UInt8]
  ) throws(SystemFailure) -> (id: pid_t, output: Int32) {
    let (toRead, toWrite) = (try pipe(program), try pipe(program))
    defer { Descriptor.close([toRead.end, toWrite.begin]) }
    do throws(SystemFailure) {
      let id = try spawn(program, arguments, environment, toRead.end, toWrite.begin)
      write(input, to: toRead.begin)
      return (id, toWrite.end)
    } catch {
      Descriptor.close([toRead.begin, toWrite.end])
      throw error
    }
  }

  /// A pipe that no other program that is started inherits: bytes go in at `begin` and come out at `end`.
  private static func pipe(_ program: String) throws(SystemFailure) -> (begin: Int32, end: Int32) {
    var ends: [Int32] = [0, 0]
    try check("start \(program)") { unsafe Glibc.pipe(&ends) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (begin: ends[1], end: ends[0])
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ input: Int32, _ output: Int32
  ) throws(SystemFailure) -> pid_t {
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe variables.forEach { unsafe free($0) }
    }
    var streams = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&streams)
    defer { unsafe posix_spawn_file_actions_destroy(&streams) }
    unsafe posix_spawn_file_actions_adddup2(&streams, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&streams, output, 1)
    unsafe posix_spawn_file_actions_addopen(&streams, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes)
    var child: pid_t = 0
    let code = unsafe posix_spawnp(&child, program, &streams, &attributes, &words, &variables)
    guard code == 0 else { throw SystemFailure("start \(program)", code: code) }
    return child
  }

  /// What a service ignores or holds back, a program that it starts is to hear.
  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var (all, none) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&none)
    unsafe sigemptyset(&all)
    for signal in [SIGPIPE, SIGALRM, SIGTERM, SIGINT, SIGXCPU, SIGXFSZ] { unsafe sigaddset(&all, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}
