import Glibc

/// A Unix socket between a command and the service that owns its store. Open files travel with the first byte.
struct CommandSocket: ~Copyable, Sendable {
  private let number: Int32
  private var buffer: [UInt8] = []

  private init(number: Int32) { self.number = number }

  deinit { _ = close(number) }

  /// How many open files come with a command, and the longest line.
  static let mostFiles = 4
  static let longestLine = 4 << 20

  private static let noSignal: Int32 = 0x4000
  private static let closeOnExec: Int32 = 0x4000_0000

  // MARK: The service's side

  /// Listens at a path that only this user can reach; what is left there of a service that died goes first.
  static func listening(at path: String) throws(SystemFailure) -> CommandSocket {
    let socket = try make()
    _ = unsafe unlink(path)
    let mask = umask(0o077)
    defer { umask(mask) }
    unsafe try socket.withAddress(of: path) { address, length throws(SystemFailure) in
      try check("listen on \(path)") { unsafe bind(socket.number, address, length) }
    }
    try check("listen on \(path)") { listen(socket.number, 16) }
    return socket
  }

  /// The next client; nil when none came for a while, so that the caller can look whether it is to go on.
  func accept(waiting milliseconds: Int32) throws(SystemFailure) -> CommandSocket? {
    var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard try check("wait for commands", { unsafe poll(&waiting, 1, milliseconds) }) > 0 else { return nil }
    let client = try check("take a command") { Glibc.accept(number, nil, nil) }
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    return CommandSocket(number: client)
  }

  /// Waits and does nothing.
  func rest(_ milliseconds: Int32) { _ = poll(nil, 0, milliseconds) }

  /// Whether the other side is this user, or root.
  var isOfThisUser: Bool {
    // `struct ucred`: the process, its user, its group.
    var credentials: (process: Int32, user: UInt32, group: UInt32) = (0, .max, .max)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    let result = unsafe getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
    return result == 0 && (credentials.user == getuid() || credentials.user == 0)
  }

  /// The number by which others see whether the other side has gone.
  var lifeline: Int32 { number }

  // MARK: The command's side

  /// Nil when nobody listens there.
  static func connected(to path: String) -> CommandSocket? {
    guard let socket = try? make() else { return nil }
    do throws(SystemFailure) {
      unsafe try socket.withAddress(of: path) { address, length throws(SystemFailure) in
        try check("connect") { unsafe connect(socket.number, address, length) }
      }
      return socket
    } catch {
      return nil
    }
  }

  // MARK: Both

  func write(_ bytes: [UInt8]) throws(SystemFailure) {
    var done = 0
    while done < bytes.count {
      done += try check("answer a command") {
        unsafe bytes.withUnsafeBytes { unsafe send(number, $0.baseAddress! + done, bytes.count - done, Self.noSignal) }
      }
    }
  }

  /// Sends the first byte with open files, and the others after it.
  func write(_ bytes: [UInt8], with files: [Int32]) throws(SystemFailure) {
    var first = bytes[0]
    var control = [UInt8](repeating: 0, count: Self.controlBytes(files.count))
    let sent = try check("hand a command over") {
      unsafe withUnsafeMutableBytes(of: &first) { data in
        unsafe control.withUnsafeMutableBytes { control in
          var part = unsafe iovec(iov_base: data.baseAddress, iov_len: 1)
          return unsafe withUnsafeMutablePointer(to: &part) { part in
            var message = unsafe msghdr()
            unsafe message.msg_iov = part
            unsafe message.msg_iovlen = 1
            unsafe message.msg_control = control.baseAddress
            unsafe message.msg_controllen = control.count
            let header = unsafe control.baseAddress!.assumingMemoryBound(to: cmsghdr.self)
            unsafe header.pointee.cmsg_len = Self.headerBytes + files.count * MemoryLayout<Int32>.size
            unsafe header.pointee.cmsg_level = SOL_SOCKET
            unsafe header.pointee.cmsg_type = Int32(SCM_RIGHTS)
            for (place, file) in files.enumerated() {
              unsafe control.storeBytes(
                of: file, toByteOffset: Self.headerBytes + place * MemoryLayout<Int32>.size, as: Int32.self)
            }
            return unsafe sendmsg(number, &message, Self.noSignal)
          }
        }
      }
    }
    try write(Array(bytes.dropFirst(sent)))
  }

  /// The next line without its end, and the open files that came with it; nil at the end.
  mutating func readLine(files: inout [Int32]) throws(SystemFailure) -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeFirst(end + 1) }
        return Array(buffer[..<end])
      }
      guard buffer.count < Self.longestLine else { throw SystemFailure("read a command", code: EMSGSIZE) }
      guard try receive(&files) else { return nil }
    }
  }

  private mutating func receive(_ files: inout [Int32]) throws(SystemFailure) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    var control = [UInt8](repeating: 0, count: Self.controlBytes(Self.mostFiles))
    var controlLength = 0
    let count = try check("read a command") {
      unsafe chunk.withUnsafeMutableBytes { data in
        unsafe control.withUnsafeMutableBytes { control in
          var part = unsafe iovec(iov_base: data.baseAddress, iov_len: data.count)
          return unsafe withUnsafeMutablePointer(to: &part) { part in
            var message = unsafe msghdr()
            unsafe message.msg_iov = part
            unsafe message.msg_iovlen = 1
            unsafe message.msg_control = control.baseAddress
            unsafe message.msg_controllen = control.count
            let count = unsafe recvmsg(number, &message, Self.closeOnExec)
            controlLength = unsafe message.msg_controllen
            return count
          }
        }
      }
    }
    files += Self.files(in: control, length: controlLength)
    buffer += chunk.prefix(count)
    return count > 0
  }

  private static func files(in control: [UInt8], length: Int) -> [Int32] {
    guard length >= headerBytes else { return [] }
    return unsafe control.withUnsafeBytes { control in
      let header = unsafe control.load(as: cmsghdr.self)
      guard header.cmsg_level == SOL_SOCKET, header.cmsg_type == Int32(SCM_RIGHTS) else { return [] }
      let count = (min(Int(header.cmsg_len), length) - headerBytes) / MemoryLayout<Int32>.size
      return (0..<max(0, count)).map { place in
        unsafe control.load(fromByteOffset: headerBytes + place * MemoryLayout<Int32>.size, as: Int32.self)
      }
    }
  }

  /// The header of ancillary data, and all of it for so many files, both aligned as the system wants it.
  private static let headerBytes = (MemoryLayout<cmsghdr>.size + 7) & ~7
  private static func controlBytes(_ files: Int) -> Int {
    headerBytes + (files * MemoryLayout<Int32>.size + 7) & ~7
  }

  private static func make() throws(SystemFailure) -> CommandSocket {
    CommandSocket(
      number: try check("make a socket") {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      })
  }

  /// The path may be longer than an address: then its folder is named by an open file.
  private borrowing func withAddress(
    of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemFailure) -> Void
  ) throws(SystemFailure) {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    let folder = try check("open \(path[..<slash])") {
      unsafe open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    defer { _ = close(folder) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let short = Array("/proc/self/fd/\(folder)\(path[slash...])".utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: short.prefix($0.count - 1)) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result: Result<Void, SystemFailure> = unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        do throws(SystemFailure) {
          return .success(unsafe try body(address, length))
        } catch {
          return .failure(error)
        }
      }
    }
    try result.get()
  }
}
