import Documents
import Git

extension TransferRequest {
  /// The request as one line of JSON, with the credential in it.
  package var line: [UInt8] {
    var json: JSONObject = ["address": .string(address.text)]
    json["credential"] = credential.map { .object($0.json) }
    json["trust"] = .object([
      "authorities": trust.authorities.map { .string($0) } ?? .null,
      "known_hosts": trust.knownHosts.map { .string($0) } ?? .null,
    ])
    switch work {
    case .look: break
    case .fetch(let fetch):
      json["fetch"] = .object([
        "folder": .string(fetch.folder), "branch": .string(fetch.branch),
        "followed": fetch.followed.map { .string($0.hex) } ?? .null,
        "known": .array(fetch.known.map { .string($0.hex) }),
        "depth": fetch.depth.map { .number(JSONNumber($0)) } ?? .null,
      ])
    case .push(let push):
      json["push"] = .object([
        "folder": .string(push.folder), "branch": .string(push.branch), "commit": .string(push.commit.hex),
        "expected": push.expected.map { .string($0.hex) } ?? .null, "mark": push.mark.map { .string($0) } ?? .null,
      ])
    case .mark(let mark):
      json["mark"] = .object([
        "folder": .string(mark.folder), "branch": .string(mark.branch), "name": .string(mark.name),
        "commit": mark.commit.map { .string($0.hex) } ?? .null,
      ])
    }
    return JSONValue.object(json).compactBytes + [UInt8(ascii: "\n")]
  }

  /// Nil for what is none.
  package init?(line: [UInt8]) {
    guard let root = (try? JSONText(parsing: line))?.root,
      let address = root["address"]?.string.flatMap({ try? RemoteAddress(parsing: $0) })
    else { return nil }
    let trust = RemoteTrust(
      authorities: root["trust"]?["authorities"]?.string, knownHosts: root["trust"]?["known_hosts"]?.string)
    func id(_ node: JSONNode?) -> ObjectID? { node?.string.flatMap { ObjectID(hex: $0) } }
    let work: Work
    if let fetch = root["fetch"] {
      guard let folder = fetch["folder"]?.string, let branch = fetch["branch"]?.string else { return nil }
      let known = fetch["known"]?.elements.compactMap { id($0) } ?? []
      work = .fetch(
        Fetch(
          folder: folder, branch: branch, followed: id(fetch["followed"]), known: known,
          depth: fetch["depth"]?.integer))
    } else if let push = root["push"] {
      guard let folder = push["folder"]?.string, let branch = push["branch"]?.string, let commit = id(push["commit"])
      else { return nil }
      work = .push(
        Push(
          folder: folder, branch: branch, commit: commit, expected: id(push["expected"]), mark: push["mark"]?.string))
    } else if let mark = root["mark"] {
      guard let folder = mark["folder"]?.string, let branch = mark["branch"]?.string, let name = mark["name"]?.string
      else { return nil }
      work = .mark(Mark(folder: folder, branch: branch, name: name, commit: id(mark["commit"])))
    } else {
      work = .look
    }
    self.init(work, at: address, credential: root["credential"].flatMap { Credential($0) }, trust: trust)
  }
}

extension Credential {
  /// With the secret in it: for a pipe, or a file that only its owner reads.
  var json: JSONObject {
    switch self {
    case .password(let user, let password): ["user": .string(user), "password": .string(password)]
    case .agent(let user): ["agent": true, "user": user.map { .string($0) } ?? .null]
    case .key(let user, let file, let passphrase):
      ["key": .string(file), "passphrase": .string(passphrase), "user": user.map { .string($0) } ?? .null]
    }
  }

  /// Nil for what is none.
  init?(_ node: JSONNode) {
    let user = node["user"]?.string
    if let password = node["password"]?.string {
      self = .password(user: user ?? Self.usualUser, password: password)
    } else if let file = node["key"]?.string {
      self = .key(user: user, file: file, passphrase: node["passphrase"]?.string ?? "")
    } else if node["agent"]?.bool == true {
      self = .agent(user: user)
    } else {
      return nil
    }
  }

  /// What servers that take tokens accept as the user of one.
  package static let usualUser = "git"
}
