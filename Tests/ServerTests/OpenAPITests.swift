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
}
