import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct MemoryEndpointTests {
  private func put(
    _ value: JSONValue, as key: String, in namespace: JSONValue, _ service: TestService
  ) async throws {
    let reply = try await service.send(
      "PUT", "/api/v1/store/items", ["namespace": namespace, "key": .string(key), "value": value])
    #expect(reply.status == 204, "\(reply.text)")
  }

  @Test func aMemoryIsKeptReadAndDeleted() async throws {
    let service = try await TestService()
    try await put(["likes": "soup"], as: "food", in: ["users", "ann"], service)
    try await service.stop()
    let second = try await TestService(over: service.temporary)
    let read = try await second.send("GET", "/api/v1/store/items?namespace=users.ann&key=food")
    #expect(read.json["value"] == ["likes": "soup"])
    #expect(read.json["namespace"] == ["users", "ann"])
    let other = try await second.send("GET", "/api/v1/store/items?namespace=users&key=food&refresh_ttl=false")
    #expect(other.status == 404)
    let name: JSONValue = ["namespace": ["users", "ann"], "key": "food"]
    for _ in 0..<2 {
      let gone = try await second.send("DELETE", "/api/v1/store/items", name)
      #expect(gone.status == 204)
    }
    let missing = try await second.send("GET", "/api/v1/store/items?namespace=users.ann&key=food")
    #expect(missing.status == 404)
    try await second.stop()
  }

  @Test func memoriesAreFoundByNamespaceAndFilter() async throws {
    try await TestService.with { service in
      try await put(["age": 30], as: "a", in: ["users", "ann"], service)
      try await put(["age": 40], as: "b", in: ["users", "bob"], service)
      try await put(["age": 50], as: "c", in: ["plans"], service)
      let found = try await service.send(
        "POST", "/api/v1/store/items/search", ["namespace_prefix": ["users"], "filter": ["age": ["$gt": 30]]])
      #expect(found.json["items"]?.array?.compactMap { $0["key"]?.string } == ["b"])
      let all = try await service.send("POST", "/api/v1/store/items/search", [:])
      #expect(all.json["items"]?.array?.compactMap { $0["key"]?.string } == ["c", "b", "a"])
      let unknown = try await service.send(
        "POST", "/api/v1/store/items/search", ["namespace_prefix": [], "filter": ["age": ["$near": 30]]])
      #expect(unknown.status == 422)

      let namespaces = try await service.send(
        "POST", "/api/v1/store/namespaces", ["prefix": ["users", "*"], "limit": 10])
      #expect(namespaces.json["namespaces"] == [["users", "ann"], ["users", "bob"]])
      let cut = try await service.send("POST", "/api/v1/store/namespaces", ["max_depth": 1])
      #expect(cut.json["namespaces"] == [["plans"], ["users"]])
    }
  }

  @Test func aBatchReadsWhatWasBeforeItWrites() async throws {
    try await TestService.with { service in
      let name: JSONObject = ["namespace": ["n"], "key": "k"]
      func operation(_ op: String, _ value: JSONValue? = nil) -> JSONValue {
        var operation = name
        operation["op"] = .string(op)
        operation["value"] = value
        return .object(operation)
      }
      let first = try await service.send(
        "POST", "/api/v1/store/batch",
        ["operations": [operation("put", ["x": 1]), operation("get"), operation("put", ["x": 2])]])
      #expect(first.json["results"] == [.null, .null, .null])
      let second = try await service.send(
        "POST", "/api/v1/store/batch",
        ["operations": [operation("get"), operation("put", .null), ["op": "list_namespaces"], ["op": "search"]]])
      let results = second.json["results"]?.array ?? []
      #expect(results.count == 4, "\(second.text)")
      #expect(results.first?["value"] == ["x": 2])
      let third = try await service.send("POST", "/api/v1/store/batch", ["operations": [operation("get")]])
      #expect(third.json["results"] == [.null])
    }
  }

  @Test func aBatchOfWhichOnePartCannotBeWritesNothing() async throws {
    try await TestService.with { service in
      let refused = try await service.send(
        "POST", "/api/v1/store/batch",
        [
          "operations": [
            ["op": "put", "namespace": ["n"], "key": "k", "value": ["x": 1]],
            ["op": "put", "namespace": [], "key": "k", "value": ["x": 1]],
          ]
        ])
      #expect(refused.status == 422)
      #expect(try service.store.snapshot().count(of: "memories") == 0)
    }
  }
}
