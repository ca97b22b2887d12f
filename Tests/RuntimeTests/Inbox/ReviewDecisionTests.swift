import Daybook
import Documents
import Testing

@testable import DaybookRuntime

@Suite struct ReviewDecisionTests {
  private static func older(_ allowed: String...) -> JSONValue {
    ["action_request": ["action": "send_mail"], "config": .object(JSONObject(allowed.map { ($0, true) }))]
  }

  private static func newer(_ allowed: [JSONValue]...) -> JSONValue {
    let names = allowed.indices.map { JSONValue.string("action\($0)") }
    return [
      "action_requests": .array(names.map { ["name": $0, "args": [:]] }),
      "review_configs": .array(
        zip(names, allowed).map { ["action_name": $0, "allowed_decisions": .array($1)] }),
    ]
  }

  private static let all = newer(["approve", "edit", "reject", "respond"])

  @Test(
    arguments: [
      (.approve, [["type": "accept", "args": nil]]),
      (.edit(arguments: ["to": "bob"]), [["type": "edit", "args": ["action": "send_mail", "args": ["to": "bob"]]]]),
      (.respond("Later."), [["type": "response", "args": "Later."]]), (.ignore, [["type": "ignore", "args": nil]]),
    ] as [(ReviewDecision, JSONValue)])
  func theOlderFormGetsItsOwnTypes(decision: ReviewDecision, answer: JSONValue) throws {
    let request = try ReviewRequest(Self.older("allow_accept", "allow_edit", "allow_respond", "allow_ignore"))
    #expect(try request.answer(deciding: decision) == answer)
    #expect(try request.checked(answer) == answer)
  }

  @Test(
    arguments: [
      (.approve, ["type": "approve"]), (.respond("Later."), ["type": "respond", "message": "Later."]),
      (.reject(nil), ["type": "reject"]), (.reject("No."), ["type": "reject", "message": "No."]),
      (
        .edit(arguments: ["to": "bob"]),
        ["type": "edit", "edited_action": ["name": "action0", "args": ["to": "bob"]]]
      ),
    ] as [(ReviewDecision, JSONValue)])
  func theNewerFormGetsAListOfDecisions(decision: ReviewDecision, member: JSONValue) throws {
    let request = try ReviewRequest(Self.all)
    let answer = try request.answer(deciding: decision)
    #expect(answer == ["decisions": [member]])
    #expect(try request.checked(answer) == answer)
  }

  @Test func aQuestionGetsTheTextItself() throws {
    #expect(try ReviewRequest("Which feed?").answer(deciding: .respond("The blog.")) == "The blog.")
    #expect(try ReviewRequest("Which feed?").allowedDecisions == [.respond])
  }

  @Test func whatHoldsForSeveralActionsIsOneDecisionForEach() throws {
    let request = try ReviewRequest(Self.newer(["approve", "edit"], ["approve", "edit", "reject"]))
    #expect(request.allowedDecisions == [.approve])
    #expect(
      try request.answer(deciding: .approve) == ["decisions": [["type": "approve"], ["type": "approve"]]])
    for decision in [ReviewDecision.edit(arguments: [:]), .respond("Later."), .reject(nil)] {
      let error = #expect(throws: StoreError.self) { try request.answer(deciding: decision) }
      #expect(error?.code == .refused && error?.hint != nil)
    }
  }

  @Test func aDecisionThatIsNotAllowedIsRefusedWithThoseThatAre() throws {
    let request = try ReviewRequest(Self.older("allow_accept", "allow_ignore"))
    for decision in [ReviewDecision.reject("No."), .respond("Later."), .edit(arguments: [:])] {
      let error = #expect(throws: StoreError.self) { try request.answer(deciding: decision) }
      #expect(error?.code == .refused)
      #expect(error?.hint == "Allowed are: approve, ignore.")
    }
  }
}
