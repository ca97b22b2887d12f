import Foundation

/// A real Git server on this machine, with one bare repository that is empty at first, in a folder that goes away with
/// it.
package final class GitHost {
  package enum Kind: Sendable, CaseIterable {
    /// No server: the repository's folder.
    case folder
    /// nginx with TLS and basic authentication before `git http-backend`.
    case https
    /// OpenSSH, which lets in two keys: one plain, one under a passphrase.
    case ssh
  }

  package static let user = "ann"
  package static let password = "sesame-canary"
  package static let passphrase = "mellon-canary"

  package let folder: String
  package let kind: Kind
  private let network: TestNetwork?
  private var server: ServerProcess?

  /// The repository, for looking at it from behind.
  package var repository: String { "\(folder)/repositories/hub.git" }
  package var authority: String { "\(folder)/ca.pem" }
  package var key: String { "\(folder)/user" }
  package var wrappedKey: String { "\(folder)/wrapped" }
  package var knownHosts: String { "\(folder)/known_hosts" }
  package var port: Int { server?.port ?? 0 }

  package var address: String {
    switch kind {
    case .folder: repository
    case .https: "https://localhost:\(port)/hub.git"
    case .ssh: "ssh://\(NSUserName())@\(host):\(port)\(repository)"
    }
  }

  private var host: String { network?.address ?? "127.0.0.1" }

  /// - Parameters:
  ///   - daysValid: How long the certificate is good for; negative for one that is over.
  ///   - network: Where a server of ssh is to be reached, if not on this machine.
  package init(_ kind: Kind, daysValid: Int = 30, in network: TestNetwork? = nil) throws {
    self.kind = kind
    self.network = network
    folder = NSTemporaryDirectory() + "daybook-host-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(folder)/repositories", withIntermediateDirectories: true)
    _ = try Command.run("/usr/bin/git", ["init", "-q", "-b", "main", "--bare", repository])
    switch kind {
    case .folder: return
    case .https:
      try run(Self.makeCertificates, "\(daysValid)", Self.user, Self.password)
      server = try ServerProcess(Self.web, arguments: [folder])
    case .ssh:
      try run(Self.makeKeys, Self.passphrase)
      server = try ServerProcess(Self.shell, arguments: [folder, host], in: network)
      try vouch(forKeyIn: "host.pub")
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Lets `known_hosts` say that the server has this key.
  package func vouch(forKeyIn file: String) throws {
    let key = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8).split(separator: " ").prefix(2)
    let line = "[\(host)]:\(port) \(key.joined(separator: " "))\n"
    try line.write(toFile: knownHosts, atomically: true, encoding: .utf8)
  }

  private func run(_ script: String, _ arguments: String...) throws {
    _ = try Command.run("/bin/sh", ["-ec", script, "sh", folder] + arguments)
  }

  private static let makeCertificates = """
    cd "$1"
    key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
    exec 2>&1
    openssl req -x509 $key -subj '/CN=Test authority' -days 3650 -keyout ca.key -out ca.pem
    openssl req $key -subj /CN=localhost -keyout server.key -out server.csr
    echo subjectAltName=DNS:localhost > names
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days "$2" -extfile names -out server.pem
    printf '%s:%s\\n' "$3" "$(openssl passwd -apr1 "$4")" > users
    """

  private static let makeKeys = """
    cd "$1"
    for key in host other user; do ssh-keygen -q -t ed25519 -N '' -f $key; done
    ssh-keygen -q -t ed25519 -N "$2" -f wrapped
    cat user.pub wrapped.pub > authorized
    printf '%s\\n' "HostKey $1/host" "AuthorizedKeysFile $1/authorized" 'UsePAM no' 'StrictModes no' \
      'PasswordAuthentication no' 'PidFile none' > sshd_config
    """

  /// nginx cannot say which port it took, so a free one is looked for, until it takes it.
  private static let web = #"""
    folder = sys.argv[1]
    settings = """
    daemon off; master_process off; pid %(folder)s/pid; error_log %(folder)s/errors;
    events {}
    http {
      access_log off; client_max_body_size 0;
      client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary;
      uwsgi_temp_path temporary; scgi_temp_path temporary;
      server {
        listen 127.0.0.1:%(port)d ssl;
        ssl_certificate %(folder)s/server.pem; ssl_certificate_key %(folder)s/server.key;
        location / {
          auth_basic hub; auth_basic_user_file %(folder)s/users;
          fastcgi_pass unix:%(folder)s/socket;
          fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
          fastcgi_param GIT_PROJECT_ROOT %(folder)s/repositories; fastcgi_param GIT_HTTP_EXPORT_ALL "";
          fastcgi_param PATH_INFO $uri; fastcgi_param QUERY_STRING $query_string;
          fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_TYPE $content_type;
          fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_USER $remote_user;
        }
      }
    }
    """
    quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                 start_new_session=True)
    children.append(subprocess.Popen(["fcgiwrap", "-f", "-c", "4", "-s", "unix:" + folder + "/socket"], **quiet))
    while not os.path.exists(folder + "/socket"): time.sleep(0.02)
    for attempt in range(20):
        free = socket.socket()
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        open(folder + "/nginx.conf", "w").write(settings % dict(folder=folder, port=port))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", folder, "-c", folder + "/nginx.conf"], **quiet)
        children.append(nginx)
        while nginx.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                print(port, flush=True)
                nginx.wait()
            except OSError:
                time.sleep(0.02)
    """#

  private static let shell = #"""
    folder = sys.argv[1]
    if os.getuid() == 0: os.makedirs("/run/sshd", exist_ok=True)
    server = socket.socket()
    server.bind((sys.argv[2], 0))
    server.listen(64)
    print(server.getsockname()[1], flush=True)
    while True:
        client, _ = server.accept()
        children.append(subprocess.Popen(
            ["/usr/sbin/sshd", "-i", "-f", folder + "/sshd_config"], stdin=client, stdout=client,
            stderr=subprocess.DEVNULL, start_new_session=True))
        client.close()
    """#
}

/// A server that takes connections, and never says a word.
package final class SilentServer {
  private let server: ServerProcess
  package var port: Int { server.port }

  package init() throws {
    server = try ServerProcess(
      """
      server = socket.socket()
      server.bind(("127.0.0.1", 0))
      server.listen(64)
      print(server.getsockname()[1], flush=True)
      clients = []
      while True: clients.append(server.accept())
      """)
  }
}
