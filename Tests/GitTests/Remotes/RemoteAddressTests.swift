import Testing

@testable import Git

@Suite struct RemoteAddressTests {
  @Test(arguments: [
    ("https://git.example.org/ann/store.git", "https", "git.example.org", 443, "/ann/store.git"),
    ("HTTPS://Git.Example.org:8443/s", "https", "git.example.org", 8443, "/s"),
    ("https://ann@git.example.org/s", "https", "git.example.org", 443, "/s"),
    ("http://127.0.0.1:8080/s", "http", "127.0.0.1", 8080, "/s"),
    ("http://localhost/s", "http", "localhost", 80, "/s"),
    ("http://[::1]:99/s", "http", "::1", 99, "/s"),
    ("ssh://ann@host:2222/srv/store.git", "ssh", "host", 2222, "/srv/store.git"),
    ("git@host:ann/store.git", "ssh", "host", 22, "ann/store.git"),
    ("host:store.git", "ssh", "host", 22, "store.git"),
    ("/srv/my stores/store.git", "folder", "", nil, "/srv/my stores/store.git"),
    ("file:///srv/store.git", "folder", "", nil, "/srv/store.git"),
  ])
  func anAddressIsReadIntoItsParts(
    _ text: String, _ scheme: String, _ host: String, _ port: Int?, _ path: String
  ) throws {
    let address = try RemoteAddress(parsing: text)
    #expect(address.scheme.rawValue == scheme)
    #expect(address.host == host)
    #expect(address.effectivePort == port)
    #expect(address.path == path)
    #expect("\(address)" == text)
  }

  @Test(arguments: [
    ("", RemoteAddressFault.empty), ("store.git", .relative), ("../store.git", .relative), ("a/b:c", .relative),
    ("file://host/store.git", .relative), ("http://git.example.org/s", .plainText),
    ("http://127.1.evil.org/s", .plainText),
    ("http://127.0.0.1.evil.org/s", .plainText), ("https://ann:secret@host/s", .password),
    ("ssh://ann:secret@host/s", .password), ("git://host/s", .scheme("git")),
    ("ext::sh -c id", .scheme("ext")), ("ext::sh", .scheme("ext")), ("ftp://host/s", .scheme("ftp")),
    ("https://host", .path), ("https://host/", .path), ("https:///s", .host), ("https://-host/s", .host),
    ("-oProxyCommand=id:s", .host), ("ssh://-o@host/s", .user), ("host:-s", .path), ("https://host:0/s", .port),
    ("https://host:99999/s", .port), ("https://host:x/s", .port), ("https://host/s?token=x", .query),
    ("https://host/s#x", .query), ("https://ho st/s", .host), ("https://host/s s", .blank),
    ("https://host/s\n", .blank),
    ("ssh://host/s'; id; '", .blank), ("ssh://host/s';id;'", .quote), ("ssh://host/s%27;id;%27", .quote),
    ("ssh://host/s%0aid", .quote), ("host:s'x", .quote), ("ssh://host/s%2", .path), ("/", .path),
  ])
  func anAddressThatCouldDoHarmIsNotTaken(_ text: String, _ fault: RemoteAddressFault) throws {
    let found = #expect(throws: RemoteAddressFault.self) { try RemoteAddress(parsing: text) }
    #expect(found == fault)
    #expect(!"\(fault)".contains("secret"))
  }

  @Test func aCredentialIsBoundToTheServerAndItsPort() throws {
    let address = try RemoteAddress(parsing: "https://host/a")
    #expect(try address.isSameServer(as: RemoteAddress(parsing: "https://HOST:443/b")))
    for other in ["https://other/a", "https://host:444/a", "ssh://host/a"] {
      #expect(try !address.isSameServer(as: RemoteAddress(parsing: other)))
    }
  }

  @Test func aCredentialNeverShows() {
    let credentials = [
      Credential.password(user: "ann", password: "canary"), .key(user: nil, file: "/k", passphrase: "canary"),
    ]
    for credential in credentials {
      var dumped = ""
      dump(credential, to: &dumped)
      #expect(!"\(credential)\(String(reflecting: credential))\(dumped)".contains("canary"))
    }
  }
}
