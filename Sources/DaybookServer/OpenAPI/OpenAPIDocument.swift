import Daybook
import HTTPTypes

/// The OpenAPI 3.1 document of the endpoints.
struct OpenAPIDocument {
  let endpoints: [Endpoint]

  var json: JSONObject {
    var paths = JSONObject()
    for endpoint in endpoints {
      var path = paths[endpoint.path.text]?.object ?? [:]
      path[endpoint.method.rawValue.lowercased()] = .object(operation(endpoint))
      paths[endpoint.path.text] = .object(path)
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Daybook", "version": .string(ProgramVersion.text),
        "description": "A document store that is a Git repository.",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "tags": .array(groups.map { ["name": .string($0.name), "description": .string($0.description)] }),
      "paths": .object(paths),
      "components": [
        "schemas": ["Problem": Form.problem],
        "securitySchemes": [
          "token": [
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "In a store with users: what signing in gives, or the token of an agent.",
          ],
          "cookie": [
            "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name(isEncrypted: false)),
            "description": "What signing in sets in browsers; with TLS its name begins with `__Host-`.",
          ],
        ],
      ],
    ]
  }

  /// In the order in which they come up.
  var groups: [Endpoint.Group] {
    var groups: [Endpoint.Group] = []
    for endpoint in endpoints where !groups.contains(endpoint.group) { groups.append(endpoint.group) }
    return groups
  }

  private func operation(_ endpoint: Endpoint) -> JSONObject {
    var operation: JSONObject = [
      "operationId": .string(endpoint.name), "summary": .string(endpoint.summary),
      "tags": [.string(endpoint.group.name)],
    ]
    if !endpoint.description.isEmpty { operation["description"] = .string(endpoint.description) }
    if !endpoint.parameters.isEmpty {
      operation["parameters"] = .array(endpoint.parameters.map { .object(parameter($0)) })
    }
    if let body = endpoint.body { operation["requestBody"] = .object(requestBody(body)) }
    var responses = JSONObject()
    for outcome in endpoint.outcomes + CommonOutcomes.all(of: endpoint)
    where responses["\(outcome.status.code)"] == nil {
      responses["\(outcome.status.code)"] = .object(response(outcome))
    }
    operation["responses"] = .object(responses)
    // A store without users asks nobody for a token.
    operation["security"] = endpoint.admission == .anybody ? [] : [["token": []], ["cookie": []], [:]]
    return operation
  }

  private func parameter(_ parameter: Parameter) -> JSONObject {
    var object: JSONObject = [
      "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
      "description": .string(parameter.description), "required": .bool(parameter.isRequired),
      "schema": parameter.isRepeatable
        ? [
          "type": "array", "items": parameter.schema.json, "maxItems": .number(JSONNumber(Limits.repeatedParameters)),
        ] : parameter.schema.json,
    ]
    if let example = parameter.example { object["example"] = parameter.isRepeatable ? [example] : example }
    return object
  }

  private static let frames: JSONValue = [
    "type": "string", "format": "binary",
    "description": """
    Frames, each its length as four bytes, the most significant first, and then so many bytes. The first is the JSON; in \
    it `{"type": "msgpack", "part": 1}` stands for the bytes of the frame behind it, and so on.
    """,
  ]

  private func requestBody(_ body: Endpoint.Body) -> JSONObject {
    var content = JSONObject()
    for (mediaType, schema) in body.forms {
      var form: JSONObject = ["schema": mediaType == MediaTypes.frames ? Self.frames : schema.json]
      if mediaType == body.forms[0].mediaType, let example = body.example { form["example"] = example }
      content[mediaType] = .object(form)
    }
    return ["required": true, "content": .object(content)]
  }

  private func response(_ outcome: Endpoint.Outcome) -> JSONObject {
    var response: JSONObject = ["description": .string(outcome.description)]
    if let content = outcome.content {
      let isProblem = content.mediaType == MediaTypes.problem
      let schema: JSONValue = isProblem ? ["$ref": "#/components/schemas/Problem"] : content.schema
      let form: JSONObject = ["schema": schema]
      var forms = JSONObject([(MediaTypes.essence(content.mediaType), .object(form))])
      if outcome.isFramed { forms[MediaTypes.frames] = ["schema": Self.frames] }
      response["content"] = .object(forms)
    }
    if !outcome.headers.isEmpty {
      let headers = outcome.headers.map {
        (key: $0.name, value: ["description": .string($0.description), "schema": ["type": "string"]] as JSONValue)
      }
      response["headers"] = .object(JSONObject(headers))
    }
    return response
  }
}
