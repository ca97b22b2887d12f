import Daybook
import HTTPTypes

/// One thing that can be asked of the service. The router, the checks of parameters and bodies, `/openapi.json` and `/docs` are
/// all made from these, so that none of them can say what another does not.
struct Endpoint: Sendable {
  typealias Handler = @Sendable (Call) async throws -> Answer
  /// Answers a request that was carried out before with what its commit tells.
  typealias Replay = @Sendable (Call, Receipt) throws -> Answer

  let method: HTTPRequest.Method
  let path: PathTemplate
  /// The group in which the documentation shows it.
  let group: Group
  /// What it does, in a few words.
  let summary: String
  /// What one has to know about it.
  let description: String
  /// Those of its own, and those that all of its sort take.
  private(set) var parameters: [Parameter]
  let body: Body?
  let outcomes: [Outcome]
  let handle: Handler
  /// Whether it changes nothing, whatever its method; by default, what GET asks does so.
  let reads: Bool
  /// How a request is answered again whose first answer is not kept any more. Nil for one that does no harm when it is
  /// done again, or whose answer is shown once: its requests leave no name in the history.
  let replay: Replay?
  /// A name for metrics, logs and the OpenAPI document, such as `get_v1_documents_collection_id`.
  let name: String
  /// Who may ask it.
  private(set) var admission = Admission.touching([Admission.everything])
  private let ownParameters: [Parameter]

  init(
    _ method: HTTPRequest.Method, _ path: PathTemplate, _ group: Group, _ summary: String, _ description: String = "",
    parameters: [Parameter] = [], body: Body? = nil, outcomes: [Outcome], reads: Bool? = nil, replay: Replay? = nil,
    handle: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.group = group
    self.summary = summary
    self.description = description
    ownParameters = parameters
    self.parameters = parameters
    self.body = body
    self.outcomes = outcomes
    self.reads = reads ?? SiteRule.isSafe(method)
    self.replay = replay ?? outcomes.first?.replay
    self.handle = handle
    let words = path.text.split { !($0.isLetter || $0.isNumber) }
    name = ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
    self.parameters = allParameters
  }

  /// What changes something can be sent again, and says for whom it is done where nobody signs in; what reads can wait for
  /// what was written on another node; what has an entity tag is sent only if it has changed.
  private var allParameters: [Parameter] {
    var all = ownParameters
    if !reads {
      all.append(.idempotencyKey)
      if admission.isMetered { all.append(.author) }
    } else if method == .get, admission != .anybody {
      all.append(.atLeast)
    }
    if reads, method == .get, outcomes.first?.headers.contains(where: { $0.name == "ETag" }) == true {
      all.append(.ifNoneMatch)
    }
    return all
  }

  /// Whether it takes a parameter.
  func takes(_ parameter: Parameter) -> Bool {
    parameters.contains { $0.name == parameter.name && $0.place == parameter.place }
  }

  /// The same, for others.
  func admitting(_ admission: Admission) -> Endpoint {
    var endpoint = self
    endpoint.admission = admission
    endpoint.parameters = endpoint.allParameters
    return endpoint
  }

  /// Who may ask something, in a store with users.
  enum Admission: Sendable, Equatable {
    /// Also who has not signed in.
    case anybody
    /// Who has signed in, or comes with a token. The handler looks at what it covers, document by document.
    case callers
    /// The same, also when the requests of the day are used up.
    case unmetered
    /// The same; the token of an agent must cover each of these collections, for writing unless the endpoint only reads, and
    /// others for reading. What the caller's user may use is held against their kinds.
    case touching([String], reading: [String] = [])

    /// What only tokens for all collections cover: what an endpoint is for, unless it says otherwise.
    static let everything = "*"

    /// Whether it counts as one of the requests of the day. Where nobody signs in, the caller says for whom it is done.
    var isMetered: Bool {
      switch self {
      case .callers, .touching: true
      case .anybody, .unmetered: false
      }
    }
  }

  struct Group: Sendable, Hashable {
    let name: String
    let description: String
  }

  /// What a request may send.
  struct Body: Sendable {
    /// With the schema of each form; bodies are checked against it before the handler sees them.
    let forms: [(mediaType: String, schema: CheckedSchema)]
    let limit: Int
    /// The media type, if any, whose bodies the handler reads while they come.
    let streamed: String?
    let example: JSONValue?

    init(
      _ forms: [(mediaType: String, schema: CheckedSchema)], limit: Int = Limits.bodyBytes, streamed: String? = nil,
      example: JSONValue? = nil
    ) {
      self.forms = forms
      self.limit = limit
      self.streamed = streamed
      self.example = example
    }

    /// A JSON object of one schema; also with bytes beside it, if it may be framed.
    init(_ schema: JSONValue, limit: Int = Limits.bodyBytes, mayBeFramed: Bool = false, example: JSONValue? = nil) {
      let schema = CheckedSchema(schema)
      let framed = mayBeFramed ? [(MediaTypes.frames, schema)] : []
      self.init([(MediaTypes.json, schema)] + framed, limit: limit, example: example)
    }
  }

  /// One kind of answer.
  struct Outcome: Sendable {
    let status: HTTPResponse.Status
    let description: String
    let content: (mediaType: String, schema: JSONValue)?
    /// Whether it comes as frames for who accepts that.
    private(set) var isFramed = false
    let headers: [(name: String, description: String)]
    /// How it is told again, from what the commit of the request tells.
    let replay: Replay?

    init(
      _ status: HTTPResponse.Status, _ description: String, json schema: JSONValue? = nil, isFramed: Bool = false,
      headers: [(name: String, description: String)] = [], replay: Replay? = nil
    ) {
      self.init(status, description, content: schema.map { (MediaTypes.json, $0) }, headers: headers, replay: replay)
      self.isFramed = isFramed
    }

    init(
      _ status: HTTPResponse.Status, _ description: String, content: (mediaType: String, schema: JSONValue)?,
      headers: [(name: String, description: String)] = [], replay: Replay? = nil
    ) {
      self.status = status
      self.description = description
      self.content = content
      self.headers = headers
      let nothing: Replay = { _, _ in Answer(.noContent) }
      self.replay = replay ?? (status == .noContent ? nothing : nil)
    }
  }
}

extension Array where Element == Endpoint {
  /// The same, all of them for others.
  func admitting(_ admission: Endpoint.Admission) -> [Endpoint] { map { $0.admitting(admission) } }
}
