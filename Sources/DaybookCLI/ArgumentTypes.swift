public import ArgumentParser
public import Daybook
public import Logging

extension Durability: ExpressibleByArgument {}

extension Logger.Level: @retroactive ExpressibleByArgument {}

extension Revision: ExpressibleByArgument {
  /// Takes 40 hexadecimal digits.
  public init?(argument: String) {
    self.init(argument)
  }
}
