import Daybook
import DaybookRuntime
import HTTPTypes

/// Profiles: how to reach the endpoints that an application uses, and which is in use.
enum ProfileEndpoints {
  static let group = Endpoint.Group(
    name: "Profiles",
    description: """
      How to reach the endpoints that an application uses, and which is in use. With users, everybody has profiles of \
      their own beside those of the store, under ids such as `ann~work`.
      """)

  static let all: [Endpoint] = [list, resolve, test, get, create, update, delete, activate].admitting(.callers)

  private static let kind = Parameter(
    "kind", in: .path, "The kind of profile.", ["type": "string", "pattern": "^[a-z0-9_-]{1,64}$"], example: "llm")
  private static let missing = Endpoint.Outcome.problem(.notFound, "There is no such kind or profile.")
  private static let written: [Endpoint.Outcome] = [
    missing, .problem(.conflict, "There is one of that name, or others wrote all the time."),
    .problem(.preconditionFailed, "The profile is at another revision than `If-Match` says."),
    .problem(.unprocessableContent, "The profile breaks a rule of its kind."),
    .problem(.forbidden, "The id is not possible."),
  ]

  private static let layer = Parameter(
    "layer", in: .query,
    """
    For whom it is active: the caller, or the store, behind which are those who chose none. Without it, a profile of the \
    store is active for that where the caller may say so.
    """, ["type": "string", "enum": ["user", "store"]])

  static let list = Endpoint(
    .get, "/api/v1/profiles/{kind}", group, "List the profiles of a kind",
    "Those of the store and the caller's own.", parameters: [kind, .limit, .after],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The profiles, and which is active.",
        json: Form.object([
          ("profiles", Form.list(profileForm)), ("active", Form.nullable(["type": "string"])),
          ("next", Form.nullable(["type": "string"])),
        ])), missing, .problem(.unprocessableContent, "`after` is not the end of a page."),
    ]
  ) { call in
    let sight = call.sight
    let snapshot = sight.snapshot
    let kind = try ProfileKind.named(call["kind"], in: snapshot.kinds)
    let active = try ActiveProfiles(in: snapshot, for: call.caller.user).id(of: kind)
    let query = Query(kind.kind.collection.text).limited(to: call.pageLimit)
    let page = try snapshot.query(sight.bounded(query).after(call.pageEnd))
    let rows = try page.documents.map { JSONValue.object(try row($0, active: active, in: snapshot)) }
    return .json([
      "profiles": .array(rows), "active": active.map { .string($0) } ?? .null,
      "next": try call.sealed(page.next).map { .string($0) } ?? .null,
    ])
  }

  static let get = Endpoint(
    .get, "/api/v1/profiles/{kind}/{id}", group, "Read a profile",
    "Secrets read as ‹sealed›; nobody gets them back over HTTP.",
    parameters: [kind, .id],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The profile.", json: profileForm, headers: [("ETag", "The profile's revision, in quotes.")]), missing,
    ]
  ) { call in
    let snapshot = call.store.snapshot()
    let name = try name(call, snapshot)
    guard let document = try snapshot.document(name.address) else { throw absent(name) }
    let active = try ActiveProfiles(in: snapshot, for: call.caller.user).id(of: name.kind)
    return Answer.json(try row(document, active: active, in: snapshot)).with(.eTag, document.revision.tag)
  }

  static let create = Endpoint(
    .post, "/api/v1/profiles/{kind}", group, "Add a profile",
    """
    Its secrets are sealed before anything is written. Who may not change what belongs to the store adds one of their own: \
    `work` becomes `ann~work`, which the answer says.
    """,
    parameters: [kind] + .writing,
    body: Endpoint.Body(
      Form.object(
        [
          ("id", ["type": "string", "minLength": 1, "maxLength": 300, "not": ["enum": ["resolve", "test"]]]),
          ("value", Form.anyDocument),
          ("activate", ["type": "boolean", "default": false]),
        ], optional: ["activate"]),
      example: ["id": "work", "value": ["name": "Work", "provider": "openai", "model": "gpt-4o"], "activate": true]),
    outcomes: [.writes("It is added.", .created)] + written
  ) { call in
    let caller = call.caller
    let kind = try ProfileKind.named(call["kind"], in: call.store.kinds)
    var (id, value) = (call.sentText("id") ?? "", call.sentObject("value") ?? [:])
    if !caller.hasStore {
      id = ProfileName.id(id, of: caller.user)
      value["user"] = value["user"] ?? .string(caller.user)
    }
    let name = try ProfileName(parsing: "\(kind.name)/\(id)", call.store.kinds)
    let receipt = try await call.commit { [value] snapshot, transaction in
      try transaction.put(name.address, .object(value), if: .absent)
      guard call.member("activate")?.bool == true else { return }
      try ActiveProfiles.use(new: name, by: layer(of: name, call), in: snapshot, &transaction)
    }
    return .writes(receipt, .created)
  }

  static let update = Endpoint(
    .put, "/api/v1/profiles/{kind}/{id}", group, "Change a profile",
    "With the members that are to change, as a merge patch; null removes one, and ‹sealed› keeps a secret.",
    parameters: [kind, .id, .ifMatch] + .writing,
    body: Endpoint.Body(["type": "object"], example: ["temperature": 0.2]),
    outcomes: [.writes("It is changed.")] + written
  ) { call in
    let name = try name(call, call.store.snapshot())
    let patch = call.content.text.root.value
    let precondition = try call.revisionPrecondition(of: name.address)
    return .writes(
      try await call.holding(precondition, of: name.address) {
        try await call.commit { try $0.patch(name.address, merging: patch, if: precondition) }
      })
  }

  static let delete = Endpoint(
    .delete, "/api/v1/profiles/{kind}/{id}", group, "Delete a profile",
    "That which the store uses needs a successor, unless it is the last of its kind.",
    parameters: [
      kind, .id, .ifMatch,
      Parameter(
        "successor", in: .query, "The id of the profile that becomes active.", ["type": "string", "maxLength": 512]),
    ] + .writing,
    outcomes: [
      .writes("It is deleted."),
      .problem(.unprocessableContent, "It needs a successor."),
    ] + written
  ) { call in
    let name = try name(call, call.store.snapshot())
    let precondition = try call.revisionPrecondition(of: name.address)
    return .writes(
      try await call.holding(precondition, of: name.address) {
        try await call.commit { snapshot, transaction in
          try ActiveProfiles.remove(
            name, successor: call.text("successor"), if: precondition, in: snapshot, &transaction)
        }
      })
  }

  static let activate = Endpoint(
    .post, "/api/v1/profiles/{kind}/{id}/activate", group, "Make a profile the active one",
    parameters: [kind, .id, layer] + .writing,
    outcomes: [.writes("It is active.")] + written
  ) { call in
    let name = try name(call, call.store.snapshot())
    return .writes(
      try await call.commit { snapshot, transaction in
        try ActiveProfiles.use(name, by: layer(of: name, call), in: snapshot, &transaction)
      })
  }

  static let resolve = Endpoint(
    .get, "/api/v1/profiles/{kind}/resolve", group, "Read the profile that is in effect",
    """
    The caller's active one, else that of the store, else what the service's environment says; with where each member \
    comes from. Secrets are not shown.
    """,
    parameters: [kind],
    outcomes: [
      Endpoint.Outcome(
        .ok, "What is in effect.",
        json: Form.object([
          ("kind", ["type": "string"]), ("source", ["enum": ["profile", "environment"]]),
          ("profile", Form.nullable(["type": "string"])), ("value", ["type": "object"]), ("from", ["type": "object"]),
          ("notes", Form.list(["type": "string"])),
        ])), .problem(.notFound, "There is no such kind, or it is not configured."),
    ]
  ) { call in
    let snapshot = call.store.snapshot()
    let kind = try ProfileKind.named(call["kind"], in: snapshot.kinds)
    return .json(try inEffect(kind, call, in: snapshot, revealing: false).json)
  }

  static let test = Endpoint(
    .post, "/api/v1/profiles/{kind}/test", group, "Try a profile with real calls",
    """
    Step by step: reach it, ask it something small. Without an id, the profile in effect. Calls cost whoever owns the key: \
    what is not the caller's own, only those try who look after the store.
    """,
    parameters: [kind, Parameter("id", in: .query, "The profile.", ["type": "string"], example: "gpt-4o")],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The steps, and whether all went well.",
        json: Form.object([
          ("passed", ["type": "boolean"]),
          (
            "steps",
            Form.list(
              Form.object([
                ("step", ["type": "string"]), ("outcome", ["enum": ["passed", "failed", "skipped"]]),
                ("milliseconds", ["type": "integer"]), ("detail", ["type": "string"]),
              ]))
          ),
        ])), missing, .problem(.forbidden, "It cannot be tried, or not by the caller; or the id is not possible."),
    ], reads: true
  ) { call in
    let snapshot = call.store.snapshot()
    let kind = try ProfileKind.named(call["kind"], in: snapshot.kinds)
    if !call.caller.isLocal { try call.caller.grant.checkSecrets(of: kind.kind.collection.text) }
    let profile =
      if let id = call.text("id") {
        try ResolvedProfile(named(id, kind, call, snapshot), in: snapshot, revealing: true)
      } else {
        try inEffect(kind, call, in: snapshot, revealing: true)
      }
    try checkMaySpend(profile, call)
    var steps: [JSONValue] = []
    let passed = try await ProfileTest(profile).run { steps.append(.object($0.json)) }
    return .json(["passed": .bool(passed), "steps": .array(steps)])
  }

  // MARK: Steps

  private static let profileForm = Form.object([
    ("id", ["type": "string"]), ("active", ["type": "boolean"]), ("revision", Form.revision),
    ("value", Form.anyDocument),
  ])

  private static func row(_ document: Document, active: String?, in snapshot: Snapshot) throws -> JSONObject {
    [
      "id": .string(document.address.id.text), "active": .bool(document.address.id.text == active),
      "revision": .string("\(document.revision)"), "value": try snapshot.masked(document).root.value,
    ]
  }

  private static func name(_ call: Call, _ snapshot: Snapshot) throws -> ProfileName {
    try named(call["id"], ProfileKind.named(call["kind"], in: snapshot.kinds), call, snapshot)
  }

  /// - Throws: `.notFound` for one that is not there, for the caller.
  private static func named(
    _ id: String, _ kind: ProfileKind, _ call: Call, _ snapshot: Snapshot
  ) throws -> ProfileName {
    let name = try ProfileName(parsing: "\(kind.name)/\(id)", snapshot.kinds)
    guard try Sight(call.caller, snapshot).document(name.address) != nil else { throw absent(name) }
    return name
  }

  private static func inEffect(
    _ kind: ProfileKind, _ call: Call, in snapshot: Snapshot, revealing: Bool
  ) throws -> ResolvedProfile {
    let collection = kind.kind.collection.text
    try call.caller.check(.read, in: collection)
    return try ResolvedProfile(
      kind, in: snapshot, for: call.caller.user, environment: call.rooms.environment, revealing: revealing)
  }

  /// - Throws: `.refused` for a profile whose key is not the caller's.
  private static func checkMaySpend(_ profile: ResolvedProfile, _ call: Call) throws {
    if call.caller.isLocal { return }
    if case .profile(let id) = profile.source,
      try ProfileName(parsing: profile.kind.address(id), call.store.kinds).owner == call.caller.user
    {
      return
    }
    try call.caller.grant.checkAdministers()
  }

  /// For whom a profile becomes active.
  private static func layer(of name: ProfileName, _ call: Call) -> ActiveProfiles.Layer {
    let isStores = call.text("layer").map { $0 == "store" } ?? (name.owner == nil && call.caller.hasStore)
    return isStores ? .store : .user(call.caller.user)
  }

  private static func absent(_ name: ProfileName) -> StoreError {
    StoreError(.notFound, "There is no profile '\(name.text)'.", document: name.address)
  }
}
