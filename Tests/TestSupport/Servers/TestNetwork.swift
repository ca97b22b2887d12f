import Foundation
import Synchronization

/// Another host: a network namespace of this machine, and a link to it that can be cut. It goes away with this value.
///
/// Only root can make one.
package final class TestNetwork: Sendable {
  private static let count = Atomic(0)
  private static let ip = "/usr/sbin/ip"

  package static let canBeMade = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: ip)

  private let name: String
  private let number: Int
  private var link: String { "\(name)a" }

  /// Of the host there.
  package var address: String { "10.217.\(number).2" }
  /// What runs a program there.
  var entry: [String] { [Self.ip, "netns", "exec", name] }

  package init() throws {
    // Names of links are short, and those of other runs of tests on this machine are to be left alone.
    let run = Int(getpid()) % 10_000
    number = (run + Self.count.add(1, ordering: .relaxed).newValue) % 250
    name = "dbk\(run)-\(number)"
    let (near, far) = ("\(name)a", "\(name)b")
    try Self.run("netns", "add", name)
    try Self.run("link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
    try Self.run("address", "add", "10.217.\(number).1/24", "dev", near)
    try Self.run("link", "set", near, "up")
    try Self.run("-n", name, "address", "add", "\(address)/24", "dev", far)
    try Self.run("-n", name, "link", "set", far, "up")
    try Self.run("-n", name, "link", "set", "lo", "up")
  }

  deinit {
    try? Self.run("link", "delete", link)
    try? Self.run("netns", "delete", name)
  }

  /// From now on nothing comes through, and nobody is told.
  package func cut() throws { try Self.run("link", "set", link, "down") }
  package func mend() throws { try Self.run("link", "set", link, "up") }

  private static func run(_ arguments: String...) throws { try Command.run(ip, arguments) }
}
