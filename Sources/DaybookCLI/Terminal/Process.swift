import Glibc

/// What the command knows of the process that it runs in, and the one that it starts: the editor.
enum Process {
  static let id = getpid()

  /// The variables of whoever typed the command.
  static var environment: [String: String] { Console.current.environment }

  /// The variables of the process.
  static let ownEnvironment: [String: String] = {
    var variables: [String: String] = [:]
    var place = 0
    while let variable = unsafe environ[place] {
      let parts = unsafe String(cString: variable).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      place += 1
    }
    return variables
  }()

  /// The program that this process runs.
  static var ownPath: String {
    let path = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer in
      let count = unsafe readlink("/proc/self/exe", buffer.baseAddress!, buffer.count)
      return unsafe String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return path.isEmpty ? CommandLine.arguments[0] : path
  }

  /// How a line of shell calls this program, wherever it is run: by its name where that is found, else by its path. As
  /// Git's configuration has it, where a percent sign stands twice.
  static var shellName: String {
    let name = "daybook"
    let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    if folders.contains(where: { Folders.exists("\($0)/\(name)") }) { return name }
    return "'\(ownPath.replacing("'", with: #"'\''"#).replacing("%", with: "%%"))'"
  }

  /// The time of day, in milliseconds since 1970, UTC.
  static var milliseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  static var hostName: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A reader that goes away, as `head` does, becomes an error of the next write instead of ending the process: the store
  /// is still closed as it should be.
  static func surviveClosedPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Runs a line of shell with one argument behind it, on this terminal, and returns its exit status. That is how Git
  /// starts an editor, so `EDITOR="code --wait"` works alike.
  static func runShell(_ line: String, argument: String) throws(SystemFailure) -> Int32 {
    if let elsewhere = Console.current.runShell { return try elsewhere(line, argument) }
    let words = ["sh", "-c", "\(line) \"$@\"", line, argument]
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, "/bin/sh", nil, &attributes, &arguments, environ)
    guard code == 0 else { throw SystemFailure("start \(line)", code: code) }
    var status: Int32 = 0
    try check("wait for \(line)") { unsafe waitpid(child, &status, 0) }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  static func end(_ status: Int32) -> Never {
    exit(status)
  }
}
