import ArgumentParser
import Daybook
import Documents

/// How a failure is told: on standard error, as `error:`, `cause:` and `hint:`, or as one JSON object with `--json`.
struct Failure {
  let code: String
  let message: String
  var hint: String?
  var document: String?
  var cause: String?
  /// How the command is used; only for people.
  var usage: String?
  let status: ExitCode

  init(_ error: StoreError) {
    code = error.code.description
    message = error.message
    hint = error.hint
    document = error.document
    cause = error.cause.map { "\($0)" }
    status = ExitCode(for: error.code) ?? .failure
  }

  init(_ error: SystemFailure) {
    code = StoreError.Code.unavailable.description
    message = error.description
    status = .failure
  }

  /// A command line that does not parse. Its message comes with the usage of the command that was meant.
  init(usage error: any Error) {
    code = StoreError.Code.usage.description
    message = DaybookCommand.message(for: error)
    let lines = DaybookCommand.fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    usage = lines.drop { !$0.hasPrefix("Usage:") }.joined(separator: "\n")
    status = .usage
  }

  func tell(asJSON: Bool) {
    try? Descriptor.standardError.write((asJSON ? json : text).utf8)
  }

  private var text: String {
    let style = Style.errors
    var lines = [style.red("error:") + " " + message]
    if let cause { lines.append(style.dim("cause:") + " " + cause) }
    if let hint { lines.append(style.dim("hint:") + " " + hint) }
    if let usage { lines.append(usage) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var json: String {
    var error: JSONObject = ["code": .string(code), "message": .string(message)]
    if let cause { error["cause"] = .string(cause) }
    error["hint"] = hint.map { .string($0) } ?? .null
    error["document"] = document.map { .string($0) } ?? .null
    return JSONValue.object(["error": .object(error)]).compactText + "\n"
  }
}
