public import ArgumentParser
public import Daybook

extension Durability: ExpressibleByArgument {}

extension Revision: ExpressibleByArgument {
  /// Takes 40 hexadecimal digits.
  public init?(argument: String) {
    self.init(argument)
  }
}
