import Documents

/// How an endpoint that speaks OpenAI's API is tried.
struct LanguageModelProbe {
  private let baseURL: String
  private let model: String?
  private let headers: [(String, String)]

  init(_ profile: ResolvedProfile) {
    baseURL = profile["base_url"]?.string ?? ""
    model = profile["model"]?.string
    let key = profile["api_key"]?.string.map { [("Authorization", "Bearer \($0)")] } ?? []
    let more = (profile["headers"]?.object ?? [:]).compactMap { name, value in value.string.map { (name, $0) } }
    headers = key + more
  }

  var probes: [Probe] {
    [
      Probe(
        name: "models", request: WebRequest(url: "\(baseURL)/models", headers: headers),
        judge: { [model] answer throws(WebFailure) in try Self.judgeModels(answer, model) }),
      Probe(
        name: "completion",
        request: WebRequest(url: "\(baseURL)/chat/completions", headers: headers, json: question),
        judge: { answer throws(WebFailure) in try Self.judgeCompletion(answer) }),
    ]
  }

  private var question: JSONValue {
    [
      "model": .string(model ?? ""), "messages": [["role": "user", "content": "Say yes."]],
      "max_tokens": 1,
    ]
  }

  /// Some gateways answer for more models than they list, so one that is not listed is no failure.
  private static func judgeModels(_ answer: WebAnswer, _ model: String?) throws(WebFailure) -> String {
    let root = try answer.json().root
    guard let data = root["data"], data.kind == .array else {
      throw WebFailure("the answer has no list \"data\" of models: is this the base URL of an API like OpenAI's?")
    }
    let ids = data.elements.compactMap { $0["id"]?.string }
    let count = "\(ids.count) model\(ids.count == 1 ? "" : "s")"
    guard let model else { return count }
    return ids.contains(model) ? "\(count), \(model) among them" : "\(count), \(model) not among them"
  }

  private static func judgeCompletion(_ answer: WebAnswer) throws(WebFailure) -> String {
    let root = try answer.json().root
    guard let choices = root["choices"], choices.count > 0 else { throw WebFailure("the answer has no \"choices\"") }
    let tokens = root["usage"]?["total_tokens"]?.integer
    return tokens.map { "answered, \($0) tokens in all" } ?? "answered"
  }
}
