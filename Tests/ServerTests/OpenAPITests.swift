import Daybook
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

struct OpenAPITests {
  private let endpoints = Endpoints.all + DocumentationEndpoints.all(describing: Endpoints.all, address: "http://x")

  @Test func noTwoEndpointsAnswerTheSameRequest() {
    let names = endpoints.map { "\($0.method) \($0.path)" }
    #expect(Set(names).count == names.count)
    #expect(Set(endpoints.map(\.name)).count == endpoints.count)
  }

  @Test func everyParameterOfAPathIsDeclared() {
    for endpoint in endpoints {
      let declared = endpoint.parameters.filter { $0.place == .path }.map(\.name)
      #expect(Set(declared) == Set(endpoint.path.parameters), "\(endpoint.name)")
    }
  }

  @Test func everyExampleKeepsItsSchema() {
    for endpoint in endpoints {
      for parameter in endpoint.parameters {
        guard let example = parameter.example else { continue }
        #expect(parameter.schema.violations(of: example, called: parameter.name) == [], "\(endpoint.name)")
      }
      guard let body = endpoint.body, let example = body.example, let form = body.forms.first else { continue }
      #expect(form.schema.violations(of: example, called: "the example") == [], "\(endpoint.name)")
    }
  }

  @Test func theTableOfStatusesIsComplete() {
    #expect(Set(Problem.table.keys) == Set(StoreError.Code.all))
  }

  @Test func everyEndpointIsInTheDescriptionAndOnThePage() async throws {
    try await TestService.with { service in
      let description = try await service.send("GET", "/openapi.json")
      let page = try await service.send("GET", "/docs")
      #expect(page["content-security-policy"]?.contains("default-src 'none'") == true)
      for endpoint in endpoints {
        let operation = description.json["paths"]?[endpoint.path.text]?[endpoint.method.rawValue.lowercased()]
        #expect(operation != nil, "\(endpoint.name)")
        #expect(page.text.contains("id=\"\(endpoint.name)\""), "\(endpoint.name)")
      }
      #expect(!page.text.contains("<script") && !page.text.contains("http://www"))
    }
  }

  @Test func theDescriptionSaysHowToSignInAndNamesEachStatus() async throws {
    try await TestService.with { service in
      let description = try await service.send("GET", "/openapi.json").json
      #expect(description["components"]?["securitySchemes"]?.object?.keys.sorted() == ["cookie", "token"])
      for endpoint in endpoints {
        let operation = description["paths"]?[endpoint.path.text]?[endpoint.method.rawValue.lowercased()]
        let responses = operation?["responses"]?.object ?? [:]
        #expect(responses["4XX"] == nil && responses["5XX"] == nil)
        var statuses = ["400", "421", "500", "503"]
        if endpoint.admission != .anybody { statuses += ["401", "403"] }
        if endpoint.admission.isMetered { statuses.append("402") }
        if endpoint.body != nil { statuses += ["408", "413", "415", "422"] }
        #expect(statuses.allSatisfy { responses[$0] != nil }, "\(endpoint.name)")
        #expect(operation?["security"]?.array?.isEmpty == (endpoint.admission == .anybody), "\(endpoint.name)")
      }
    }
  }

  @Test func aProblemPointsAtWhatIsWrong() async throws {
    try await TestService.with { service in
      for (path, pointer) in [
        ("/v1/collections/tasks?limit=none", "/query/limit"), ("/v1/collections/tasks?colour=red", "/query/colour"),
        ("/v1/diff", "/query/from"), ("/v1/collections/tasks?limit=1&limit=2", "/query/limit"),
        ("/api/v1/profiles/LLM", "/path/kind"),
      ] {
        let problem = try await service.call("GET", path, gives: 400)
        #expect(problem["pointer"]?.string == pointer, "\(problem)")
      }
      let reply = try await service.send("POST", "/api/v1/tasks", bytes: Array("{\n  \"task_type\": \"a\", }".utf8))
      #expect(reply.status == 400 && reply.json["line"] == 2, "\(reply.text)")
      let unfit = try await service.call("POST", "/api/v1/tasks", ["task_type": 1], gives: 422)
      #expect(unfit["pointer"] == "/task_type")
    }
  }

  @Test func aPathThatIsSpeltOutIsNeverTakenForAnId() async throws {
    try await TestService.with { service in
      for (method, path) in [
        ("DELETE", "/api/v1/panels/deleted"), ("PUT", "/api/v1/profiles/llm/resolve"), ("PATCH", "/api/v1/users/me"),
        ("DELETE", "/api/v1/users/settings/batch"), ("POST", "/api/v1/users/settings/password"),
        ("GET", "/api/v1/tasks/cleanup"),
      ] {
        let reply = try await service.send(method, path)
        #expect(reply.status == 405 && reply["allow"] != nil, "\(method) \(path): \(reply.text)")
      }
    }
  }
}
