import Documents

@testable import DaybookRuntime

/// Memories in a dictionary, with the plainest code for each rule: the oracle.
struct MemoryModel {
  struct Item {
    var value: JSONObject
    var created: Int64
    var updated: Int64
    var minutes: Int64?
    var end: Int64?
  }

  struct Name: Hashable {
    var namespace: [String]
    var key: String
  }

  private var items: [Name: Item] = [:]
  var moment: Int64 = 0

  /// What is there: all that has not come to its end.
  var alive: [Name: Item] { items.filter { $0.value.end.map { $0 > moment } ?? true } }

  mutating func put(_ value: JSONObject?, as name: Name, minutes: Int64?) {
    let known = alive[name]?.created
    items[name] = value.map {
      Item(
        value: $0, created: known ?? moment, updated: moment, minutes: minutes,
        end: minutes.map { moment + $0 * 60_000 })
    }
  }

  /// What is read lives its time anew, unless that gains next to nothing.
  mutating func refresh(_ name: Name) {
    guard let item = alive[name], let minutes = item.minutes, let end = item.end else { return }
    let refreshed = moment + minutes * 60_000
    if refreshed - end > minutes * 60_000 / 16 { items[name]?.end = refreshed }
  }

  /// What lies in and below a namespace and has a member `n` above a number, by the time of its last put, newest first.
  func search(_ prefix: [String], above number: Int?) -> [(name: Name, item: Item)] {
    alive.filter { name, item in
      name.namespace.starts(with: prefix) && number.map { item.value["n"]?.integer ?? -1 > $0 } ?? true
    }.map { ($0.key, $0.value) }.sorted { $0.1.updated > $1.1.updated }
  }

  func namespaces(beginning pattern: [String], depth: Int?) -> [[String]] {
    let fitting = alive.keys.map(\.namespace).filter { namespace in
      namespace.count >= pattern.count && zip(namespace, pattern).allSatisfy { $1 == "*" || $0 == $1 }
    }
    return Set(fitting.map { namespace in depth.map { Array(namespace.prefix($0)) } ?? namespace })
      .sorted { $0.lexicographicallyPrecedes($1) }
  }
}
