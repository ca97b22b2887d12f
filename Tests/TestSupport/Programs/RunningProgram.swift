package import Foundation
import Synchronization

/// A program that a test has started. Foundation's `Process` is not used: on Linux it copies names of open files beyond the
/// buffer that holds them, which ends a test run that has a thousand files open once in a while.
package final class RunningProgram: Sendable {
  /// What a program has in place of a terminal.
  package enum Stream: Sendable {
    case nothing
    /// For the input a file that there is; for the others one that is made, or written from its beginning.
    case file(String)
    case descriptor(Int32)
    /// For errors: where the output goes.
    case output
  }

  package enum Ending: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)

    /// As a shell tells it.
    package var status: Int32 {
      switch self {
      case .exit(let status): status
      case .signal(let signal): 128 + signal
      }
    }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
  }

  package let id: pid_t
  private let ending = Mutex<Ending?>(nil)

  /// - Parameters:
  ///   - program: its path, or a name that is looked for as a shell does.
  ///   - environment: its variables; those of the tests when left out.
  package init(
    _ program: String, _ arguments: [String] = [], in folder: String? = nil, environment: [String: String]? = nil,
    input: Stream = .nothing, output: Stream = .nothing, errors: Stream = .nothing
  ) throws {
    let environment = environment ?? ProcessInfo.processInfo.environment
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let opened = try [(input, O_RDONLY), (output, O_WRONLY), (errors, O_WRONLY)].map(Self.open)
    defer { for file in opened where file.isOurs { _ = close(file.descriptor) } }
    for (number, file) in opened.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, file.descriptor, Int32(number))
    }
    if let folder { _ = unsafe SpawnCalls.changeFolder?(&actions, folder) }
    _ = unsafe SpawnCalls.closeFrom?(&actions, 3)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    Self.setSignals(&attributes)
    var child: pid_t = 0
    let code = unsafe posix_spawnp(&child, program, &actions, &attributes, &words, &variables)
    guard code == 0 else { throw Failure(description: "\(program) did not start: error \(code)") }
    id = child
  }

  deinit { _ = isRunning }

  package var isRunning: Bool {
    ending.withLock { ending in
      if ending == nil { ending = Self.ending(of: id, WNOHANG) }
      return ending == nil
    }
  }

  /// Waits for its end, whoever else holds its streams open.
  @discardableResult
  package func wait() -> Ending {
    if let known = ending.withLock(\.self) { return known }
    // Outside of the lock, so that it can be asked to stop meanwhile.
    var info = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    return ending.withLock { ending in
      let known = ending ?? Self.ending(of: id, 0) ?? .exit(-1)
      ending = known
      return known
    }
  }

  /// Sends it a signal, if it still runs.
  package func send(_ signal: Int32) {
    ending.withLock { if $0 == nil { _ = kill(id, signal) } }
  }

  private static func ending(of id: pid_t, _ options: Int32) -> Ending? {
    var status: Int32 = 0
    var answer = unsafe waitpid(id, &status, options)
    while answer < 0, errno == EINTR { answer = unsafe waitpid(id, &status, options) }
    guard answer == id else { return nil }
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  private static func open(_ stream: Stream, _ mode: Int32) throws -> (descriptor: Int32, isOurs: Bool) {
    let path: String
    switch stream {
    case .nothing: path = "/dev/null"
    case .file(let name): path = name
    case .descriptor(let descriptor): return (descriptor, false)
    case .output: return (1, false)
    }
    let making = mode == O_RDONLY ? 0 : O_CREAT | O_TRUNC
    let descriptor = unsafe Foundation.open(path, mode | making | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(description: "\(path) cannot be opened: error \(errno)") }
    return (descriptor, true)
  }

  /// Threads of tests hold most signals back; a program that they start is to hear all.
  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var (all, none) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
  }
}
