import Daybook
import Documents
import Logging

/// The log of a service on standard error, a line an event: `2026-11-21T06:40:00.000Z warning packs is 30, … key=value`, or a
/// JSON object.
struct ServiceLogHandler: LogHandler {
  let asJSON: Bool
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  init(asJSON: Bool) {
    self.asJSON = asJSON
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let time = Timestamp(milliseconds: Process.milliseconds).text
    guard asJSON else {
      let details = all.map { " \($0.key)=\(Table.printable("\($0.value)"))" }.joined()
      return Output.note("\(time) \(event.level) \(Table.printable("\(event.message)"))\(details)")
    }
    let details = all.map { (key: $0.key, value: JSONValue.string("\($0.value)")) }
    let line: JSONObject = [
      "time": .string(time), "level": .string(event.level.rawValue), "message": .string("\(event.message)"),
      "details": .object(JSONObject(details)),
    ]
    Output.note(JSONValue.object(line).compactText)
  }
}
