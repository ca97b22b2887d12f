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

extension Point {
  /// Takes whatever names a point for somebody at the machine: tags and branches too.
  init(argument text: String) throws(StoreError) {
    try self.init(parsing: text, namingReferences: true)
  }
}
