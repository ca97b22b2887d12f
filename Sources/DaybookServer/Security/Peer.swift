/// Where a request comes from.
struct Peer: Sendable, Equatable {
  /// What is held to account for tries: an address, or of IPv6 the network of 64 bits, all of which one client may have.
  let network: String
  let isEncrypted: Bool

  /// - Parameter address: as text; nil for one without, such as that of a Unix socket.
  init(_ address: String?, isEncrypted: Bool = false) {
    network = address.map(Self.network) ?? "local"
    self.isEncrypted = isEncrypted
  }

  /// An address without a port, brackets or an interface: as it is compared.
  static func host(_ address: some StringProtocol) -> String {
    if address.hasPrefix("[") { return String(address.dropFirst().prefix { $0 != "]" }) }
    let isIPv6 = address.count { $0 == ":" } > 1
    return String(isIPv6 ? address.prefix { $0 != "%" } : address.prefix { $0 != ":" }).lowercased()
  }

  private static func network(of address: String) -> String {
    let address = address.prefix { $0 != "%" }
    guard address.contains(":") else { return String(address) }
    // An IPv4 address in the clothes of IPv6.
    if address.contains("."), let last = address.split(separator: ":").last { return String(last) }
    let groups = groups(of: address)
    return groups.prefix(4).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }

  /// The eight groups of an IPv6 address; `::` stands for as many zeros as are missing.
  private static func groups(of address: Substring) -> [UInt16] {
    func numbers(_ text: Substring) -> [UInt16] { text.split(separator: ":").map { UInt16($0, radix: 16) ?? 0 } }
    guard let gap = address.firstRange(of: "::") else { return numbers(address) }
    let (head, tail) = (numbers(address[..<gap.lowerBound]), numbers(address[gap.upperBound...]))
    return head + [UInt16](repeating: 0, count: max(0, 8 - head.count - tail.count)) + tail
  }
}
