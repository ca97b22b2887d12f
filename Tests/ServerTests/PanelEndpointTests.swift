import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct PanelEndpointTests {
  private let path = "/api/v1/panels"

  @Test func aPageIsSavedFoundChangedDeletedAndRecovered() async throws {
    try await TestService.with { service in
      let first = try await service.make(
        path, ["title": "Swift news", "query": "What is new?", "layout": ["columns": 2], "data": ["items": [1]]])
      let second = try await service.make(path, ["title": "Weather", "layout": []])
      #expect(try await service.call("GET", path).ids == [second, first])
      #expect(try await service.call("GET", "\(path)/search?q=swift").ids == [first])
      #expect(try await service.call("GET", "\(path)/search?q=snow").ids == [])
      try await service.call("GET", "\(path)/search?q=%20", gives: 422)
      try await service.call("POST", path, ["title": "No layout"], gives: 422)

      try await service.call("PUT", "\(path)/\(first)", ["data": ["items": [1, 2]]])
      let page = try await service.call("GET", "\(path)/\(first)")
      #expect(page["value"]?["data"] == ["items": [1, 2]])
      #expect(page["value"]?["layout"] == ["columns": 2])

      try await service.call("POST", "\(path)/\(first)/recover", gives: 409)
      try await service.call("DELETE", "\(path)/\(first)", gives: 204)
      try await service.call("GET", "\(path)/\(first)", gives: 404)
      let deleted = try await service.call("GET", "\(path)/deleted")
      #expect(deleted.ids == [first])
      #expect(deleted["documents"]?.array?.first?["excerpt"]?["title"] == "Swift news")
      let recovered = try await service.call("POST", "\(path)/\(first)/recover")
      #expect(recovered["value"] == page["value"])
      #expect(try await service.call("GET", "\(path)/deleted").ids == [])
    }
  }

  @Test func somebodyElsesPageIsNotThere() async throws {
    try await TestService.with { service in
      let foreign = try await service.makeForeign("panels", ["title": "T", "layout": []])
      try await service.call("GET", "\(path)/\(foreign)", gives: 404)
      try await service.call("DELETE", "\(path)/\(foreign)", gives: 404)
      #expect(try await service.call("GET", "\(path)/search?q=T").ids == [])
      try await service.call("DELETE", "/v1/documents/panels/\(foreign)")
      try await service.call("POST", "\(path)/\(foreign)/recover", gives: 404)
      #expect(try await service.call("GET", "\(path)/deleted").ids == [])
    }
  }
}
