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
