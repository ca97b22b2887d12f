import Daybook
import HTTPTypes

/// One thing that can be asked of the service. The router, the checks of parameters and bodies, `/openapi.json` and `/docs` are
/// all made from these, so that none of them can say what another does not.
struct Endpoint: Sendable {
  typealias Handler = @Sendable (Call) async throws -> Answer

  let method: HTTPRequest.Method
  let path: PathTemplate
  /// The group in which the documentation shows it.
  let group: Group
  /// What it does, in a few words.
  let summary: String
  /// What one has to know about it.
  let description: String
  let parameters: [Parameter]
  let body: Body?
  let outcomes: [Outcome]
  let handle: Handler
  /// A name for metrics, logs and the OpenAPI document, such as `get_v1_documents_collection_id`.
  let name: String
  /// Who may ask it.
  private(set) var admission = Admission.scope(Admission.everything)

  init(
    _ method: HTTPRequest.Method, _ path: PathTemplate, _ group: Group, _ summary: String, _ description: String = "",
    parameters: [Parameter] = [], body: Body? = nil, outcomes: [Outcome], handle: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.group = group
    self.summary = summary
    self.description = description
    self.parameters = parameters
    self.body = body
    self.outcomes = outcomes
    self.handle = handle
    let words = path.text.split { !($0.isLetter || $0.isNumber) }
    name = ([method.rawValue.lowercased()] + words.map(String.init)).joined(separator: "_")
  }

  /// The same, for others.
  func admitting(_ admission: Admission) -> Endpoint {
    var endpoint = self
    endpoint.admission = admission
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
    /// The same; the token of an agent must cover this collection, for writing unless it only reads.
    case scope(String)

    /// What only tokens for all collections cover: what an endpoint is for, unless it says otherwise.
    static let everything = "*"
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

    init(
      _ status: HTTPResponse.Status, _ description: String, json schema: JSONValue? = nil, isFramed: Bool = false,
      headers: [(name: String, description: String)] = []
    ) {
      self.init(status, description, content: schema.map { (MediaTypes.json, $0) }, headers: headers)
      self.isFramed = isFramed
    }

    init(
      _ status: HTTPResponse.Status, _ description: String, content: (mediaType: String, schema: JSONValue)?,
      headers: [(name: String, description: String)] = []
    ) {
      self.status = status
      self.description = description
      self.content = content
      self.headers = headers
    }
  }
}

extension Array where Element == Endpoint {
  /// The same, all of them for others.
  func admitting(_ admission: Endpoint.Admission) -> [Endpoint] { map { $0.admitting(admission) } }
}
