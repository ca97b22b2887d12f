import Daybook
import DaybookRuntime
import HTTPTypes

/// The caller's negotiations, at the addresses where applications look for them.
enum NegotiationHistoryEndpoints {
  static let all: [Endpoint] = [list, get]

  static let list = Endpoint(
    .get, "/store/api/history", NegotiationEndpoints.group, "List the caller's negotiations, newest first",
    parameters: [
      Parameter(
        "scene_id", in: .query, "Only those of this scene.", ["type": "string", "maxLength": 512],
        example: "hackathon"),
      .status(NegotiationStatus.self), .limit, .after,
    ], outcomes: .listingOwned
  ) { call in
    try call.page(
      try call.rooms.negotiations.history(
        scene: call.text("scene_id"), status: call.text("status").flatMap { NegotiationStatus(rawValue: $0) },
        limit: call.pageLimit, after: call.text("after"), for: call.caller))
  }

  static let get = Endpoint(
    .get, "/store/api/history/{negotiation_id}", NegotiationEndpoints.group, "Read a negotiation of the caller's",
    "Another user's is not there.",
    parameters: [
      Parameter(
        "negotiation_id", in: .path, "Its id.", ["type": "string", "minLength": 1, "maxLength": 512],
        example: "019aa4f0-7c00-7000-8000-3f2b6c1d9e55")
    ], outcomes: [NegotiationEndpoints.state] + .readingOwned
  ) { call in try NegotiationEndpoints.shown(call["negotiation_id"], call) }
}
