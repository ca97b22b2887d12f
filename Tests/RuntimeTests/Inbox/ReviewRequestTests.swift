import Daybook
import Documents
import Testing

@testable import DaybookRuntime

@Suite struct ReviewRequestTests {
  private static let older: JSONValue = [
    "action_request": ["action": "send_mail", "args": ["to": "ann"]],
    "config": ["allow_accept": true, "allow_edit": true, "allow_respond": false, "allow_ignore": false],
    "description": "Send it?",
  ]
  private static let newer: JSONValue = [
    "action_requests": [["name": "send_mail", "args": ["to": "ann"]], ["name": "search", "args": [:]]],
    "review_configs": [
      ["action_name": "send_mail", "allowed_decisions": ["approve", "edit"]],
      ["action_name": "search", "allowed_decisions": ["approve", "reject", "respond"]],
    ],
  ]

  @Test func formsAreRecognized() throws {
    #expect(try ReviewRequest(Self.older).form == .responses)
    #expect(try ReviewRequest([Self.older, Self.older]).form == .responses)
    #expect(try ReviewRequest(Self.newer).form == .decisions)
    for other in ["What now?", nil, [:], [], ["action_request": 1], ["action_requests": []]] as [JSONValue] {
      #expect(try ReviewRequest(other).form == .value)
    }
  }

  @Test func aSingleResponseBecomesTheListThatAgentsTake() throws {
    let request = try ReviewRequest(Self.older)
    #expect(try request.checked(["type": "accept"]) == [["type": "accept", "args": nil]])
    let edit: JSONValue = [["type": "edit", "args": ["action": "send_mail", "args": ["to": "bob"]]]]
    #expect(try request.checked(edit) == edit)
  }

  @Test(
    arguments: [
      [["type": "response", "args": "later"]], [["type": "ignore"]], [["type": "approve"]],
    ] as [JSONValue])
  func aResponseThatIsNotAllowedIsRefused(answer: JSONValue) throws {
    let error = #expect(throws: StoreError.self) { try ReviewRequest(Self.older).checked(answer) }
    #expect(error?.code == .refused)
  }

  @Test(
    arguments: [
      [], [["type": "accept"], ["type": "accept"]], [["kind": "accept"]], [["type": "edit", "args": "x"]], "accept",
      nil,
    ] as [JSONValue])
  func aResponseOfAnotherFormIsInvalid(answer: JSONValue) throws {
    let error = #expect(throws: StoreError.self) { try ReviewRequest(Self.older).checked(answer) }
    #expect(error?.code == .invalid)
  }

  @Test(
    arguments: [
      [["type": "approve"], ["type": "approve"]], [["type": "approve"], ["type": "reject", "message": "no"]],
      [["type": "approve"], ["type": "reject"]], [["type": "approve"], ["type": "respond", "message": "found"]],
      [["type": "edit", "edited_action": ["name": "send_mail", "args": ["to": "bob"]]], ["type": "approve"]],
    ] as [JSONValue])
  func decisionsAreKeptAsTheyCame(decisions: JSONValue) throws {
    #expect(try ReviewRequest(Self.newer).checked(["decisions": decisions]) == ["decisions": decisions])
  }

  @Test(
    arguments: [
      ([["type": "reject"], ["type": "approve"]], .refused), ([["type": "approve"], ["type": "edit"]], .refused),
      ([["type": "approve"]], .invalid), ([["type": "edit"], ["type": "approve"]], .invalid),
      ([["type": "approve"], ["type": "respond"]], .invalid),
      ([["type": "approve"], ["type": "reject", "message": 1]], .invalid),
    ] as [(JSONValue, StoreError.Code)])
  func decisionsThatDoNotFitAreRefused(decisions: JSONValue, code: StoreError.Code) throws {
    let error = #expect(throws: StoreError.self) { try ReviewRequest(Self.newer).checked(["decisions": decisions]) }
    #expect(error?.code == code)
    #expect(throws: StoreError.self) { try ReviewRequest(Self.newer).checked(decisions) }
  }

  @Test func aValueFitsTheSchemaThatCameWithTheRequest() throws {
    let request = try ReviewRequest("How many?", responseSchema: ["type": "integer", "minimum": 1])
    #expect(try request.checked(3) == 3)
    let error = #expect(throws: StoreError.self) { try request.checked(0) }
    #expect(error?.code == .invalid)
    #expect(try ReviewRequest("How many?").checked(["any": "thing"]) == ["any": "thing"])
  }

  @Test func aRequestThatNoAnswerFitsIsRefusedAtOnce() {
    let silent: JSONValue = ["action_request": ["action": "a", "args": [:]], "config": [:]]
    let unknown: JSONValue = ["action_requests": [["name": "a", "args": [:]]], "review_configs": []]
    for request in [silent, [Self.older, silent], unknown] {
      let error = #expect(throws: StoreError.self) { try ReviewRequest(request) }
      #expect(error?.code == .invalid)
    }
    #expect(throws: StoreError.self) { try ReviewRequest("x", responseSchema: ["type": "numeral"]) }
  }

  /// LangGraph's agent inbox shows the first request of a list, and answers that.
  @Test func oneAnswerToSeveralRequestsIsThatToTheFirst() throws {
    let requests: JSONValue = [
      ["action_request": ["action": "a"], "config": ["allow_accept": true]],
      ["action_request": ["action": "b"], "config": ["allow_ignore": true]],
    ]
    let request = try ReviewRequest(requests)
    #expect(try request.checked([["type": "accept"]]) == [["type": "accept", "args": nil]])
    #expect(throws: StoreError.self) { try request.checked([["type": "ignore"]]) }
    #expect(throws: StoreError.self) {
      try request.checked([["type": "accept"], ["type": "ignore"], ["type": "ignore"]])
    }
  }
}
