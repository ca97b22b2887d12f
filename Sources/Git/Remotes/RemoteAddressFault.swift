/// Why an address is not taken, in a sentence. It never repeats the address, which may hold a password.
package enum RemoteAddressFault: Error, Equatable, CustomStringConvertible {
  case empty, tooLong, blank, relative, password, user, host, port, path, query, quote, plainText
  case scheme(String)

  /// What would be taken.
  package static let allowed = """
    https://host/path, ssh://user@host/path, user@host:path, the path of a folder from the root on, or http for this \
    machine alone
    """

  package var description: String {
    switch self {
    case .empty: "It is empty."
    case .tooLong: "It is longer than \(RemoteAddress.longest) bytes."
    case .blank: "It holds a space or a control character."
    case .relative: "It is no address, nor the path of a folder from the root on."
    case .password: "It holds a password, which Git would keep in the clear for all to see."
    case .user: "Its user name has characters that none has."
    case .host: "It names no host."
    case .port: "Its port is no number from 1 to 65535."
    case .path: "It names no repository on its host."
    case .query: "It holds a query or a fragment."
    case .quote: "Its path holds a quote or another character that a shell would take for more than it is."
    case .plainText: "With plain http everybody on the way could read along and change what comes."
    case .scheme(let scheme): "'\(scheme.prefix(20))' is no way that Daybook goes."
    }
  }
}
