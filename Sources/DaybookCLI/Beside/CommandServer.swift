import Daybook
import Logging
import ServiceLifecycle
import Synchronization

/// Runs commands that others type while a service owns the store, each with the streams of whoever typed it.
struct CommandServer: Service {
  static let socket = ".git/daybook/commands"
  /// How often it looks whether it is to end, in milliseconds.
  private static let pause: Int32 = 200

  let store: Store
  let logger: Logger
  let run: @Sendable (_ arguments: [String]) async -> Int32

  func run() async throws {
    let listener = Listener(try CommandSocket.listening(at: "\(store.path)/\(Self.socket)"))
    await withTaskCancellationOrGracefulShutdownHandler {
      // It waits without end, and must not hold up the few threads that tasks share.
      await withTaskExecutorPreference(CommandThread()) { await accept(from: listener) }
    } onCancelOrGracefulShutdown: {
      listener.close()
    }
    try? Folders.remove("\(store.path)/\(Self.socket)")
  }

  private func accept(from listener: Listener) async {
    await withDiscardingTaskGroup { group in
      while !listener.isClosed {
        do throws(SystemFailure) {
          guard let connection = try listener.next(waiting: Self.pause) else {
            await Task.yield()
            continue
          }
          group.addTask(executorPreference: CommandThread()) {
            await serve(connection, listener.places)
            listener.places.giveBack()
          }
        } catch {
          logger.error("A command could not be taken.", metadata: ["error": "\(error)"])
        }
      }
    }
  }

  private func serve(_ connection: Connection, _ places: CommandPlaces) async {
    do {
      guard let (command, files) = try connection.command(), files.count >= 3 else { return }
      defer { Descriptor.close(files) }
      var console = Console(environment: command.environment, folder: command.folder, store: store)
      (console.input, console.output, console.errors) = (files[0], files[1], files[2])
      console.terminal = files.count > 3 ? files[3] : -1
      console.lifeline = connection.lifeline
      console.places = places
      console.runShell = { line, argument throws(SystemFailure) in try connection.run(line, argument) }
      let status = await Console.$current.withValue(console) { await run(command.arguments) }
      try connection.tell(.exit(status))
    } catch {
      logger.error("A command was given up.", metadata: ["error": "\(error)"])
    }
  }

  /// The socket that listens.
  private final class Listener: Sendable {
    let places = CommandPlaces()
    private let socket: Mutex<CommandSocket>
    private let closed = Mutex(false)

    init(_ socket: consuming sending CommandSocket) { self.socket = Mutex(socket) }

    var isClosed: Bool { closed.withLock(\.self) }
    func close() { closed.withLock { $0 = true } }

    /// Nil when none came for a while, or there is no place for it.
    func next(waiting milliseconds: Int32) throws(SystemFailure) -> Connection? {
      let isFull = places.isFull
      return try socket.withLock { socket throws(SystemFailure) in
        if isFull { socket.rest(milliseconds) }
        guard !isFull, let client = try socket.accept(waiting: milliseconds) else { return nil }
        places.take()
        return Connection(client)
      }
    }
  }

  /// The socket of one client, used by one command at a time.
  private final class Connection: Sendable {
    private let socket: Mutex<CommandSocket>

    init(_ socket: consuming sending CommandSocket) { self.socket = Mutex(socket) }

    var lifeline: Int32 { socket.withLock { $0.lifeline } }

    func command() throws -> (ForwardedCommand, [Int32])? {
      try socket.withLock { socket in
        guard socket.isOfThisUser else { return nil }
        var files: [Int32] = []
        guard let line = try socket.readLine(files: &files) else { return nil }
        return ForwardedCommand(line).map { ($0, files) }
      }
    }

    func tell(_ message: ForwardedMessage) throws(SystemFailure) {
      try socket.withLock { socket throws(SystemFailure) in try socket.write(message.line) }
    }

    func run(_ line: String, _ argument: String) throws(SystemFailure) -> Int32 {
      try socket.withLock { socket throws(SystemFailure) in
        try socket.write(ForwardedMessage.run(line: line, argument: argument).line)
        var files: [Int32] = []
        guard let answer = try socket.readLine(files: &files), case .status(let status) = ForwardedMessage(answer)
        else {
          throw SystemFailure("run \(line)", code: 32)
        }
        return status
      }
    }
  }
}
