public import ArgumentParser
public import Daybook
package import DaybookRuntime
public import Logging

extension Durability: ExpressibleByArgument {}

extension TaskStatus: ExpressibleByArgument {}

extension SessionStatus: ExpressibleByArgument {}

extension Logger.Level: @retroactive ExpressibleByArgument {}

extension Revision: ExpressibleByArgument {
  /// Takes 40 hexadecimal digits.
  public init?(argument: String) {
    self.init(argument)
  }
}

extension Grant.Access: ExpressibleByArgument {}

extension Grant.Role: ExpressibleByArgument {
  /// Takes the role of an account: no account is an agent's.
  package init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    self.init(rawValue: argument)
  }

  package static var allValueStrings: [String] { [owner, member].map(\.rawValue) }
}

extension Point {
  /// Takes whatever names a point for somebody at the machine: tags and branches too.
  init(argument text: String) throws(StoreError) {
    try self.init(parsing: text, namingReferences: true)
  }
}

extension Snapshot {
  /// A time as it is written, or that of a commit.
  func time(_ text: String) throws(StoreError) -> Timestamp {
    let point = try Point(argument: text)
    if let time = point.time { return time }
    return Timestamp(milliseconds: try commit(at: point).seconds * 1_000)
  }
}
