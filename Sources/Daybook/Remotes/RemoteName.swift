/// What a store calls one of its remotes, such as `origin`.
package struct RemoteName: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  private static let longest = 64
  /// Below it are the refs of what was fetched from remotes and let in. Git's own `refs/remotes` are another matter:
  /// what a plain `git fetch` puts there nobody has looked at.
  static let references = "refs/daybook/remotes/"

  package init(_ text: String) throws(StoreError) {
    let isPlain = text.utf8.enumerated().allSatisfy { place, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "-"), UInt8(ascii: "_"): place > 0
      default: false
      }
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= Self.longest else {
      throw StoreError(
        .usage, "'\(text.prefix(Self.longest))' is no name for a remote.",
        hint: "It has up to \(Self.longest) letters, digits, '-' and '_', such as origin.")
    }
    description = text
  }

  /// The ref of what this remote's branch held when it was fetched last.
  func reference(of branch: String) -> String {
    "\(Self.references)\(description)/\(branch.dropFirst("refs/heads/".count))"
  }

  /// Git's own for the same, which its commands compare the branch with.
  func trackingReference(of branch: String) -> String {
    "refs/remotes/\(description)/\(branch.dropFirst("refs/heads/".count))"
  }

  /// Whether a ref is one of this remote's.
  func owns(_ reference: String) -> Bool {
    [Self.references, MachineRegister.references].contains { reference.hasPrefix("\($0)\(description)/") }
  }
}
