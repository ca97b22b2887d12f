import Glibc

/// A call to the system that failed.
struct SystemFailure: Error, CustomStringConvertible {
  /// What was tried, such as `read tasks.jsonl`.
  let action: String
  /// The `errno` of the failed call.
  let code: Int32

  init(_ action: String, code: Int32 = errno) {
    self.action = action
    self.code = code
  }

  /// Whoever read our output has gone, as `head` does.
  var isClosedPipe: Bool { code == EPIPE }

  /// For example `cannot read tasks.jsonl: no such file or directory`.
  var description: String {
    let reason = unsafe String(cString: strerror(code))
    return "cannot \(action): \(reason.prefix(1).lowercased())\(reason.dropFirst())"
  }
}

/// Makes a call again as long as a signal interrupts it; negative results are thrown.
@discardableResult
func check<Result: SignedInteger>(
  _ action: @autoclosure () -> String, _ call: () -> Result
) throws(SystemFailure) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let code = errno
    if code != EINTR { throw SystemFailure(action(), code: code) }
  }
}
