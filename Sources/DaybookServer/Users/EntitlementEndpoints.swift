import Daybook
import DaybookRuntime
import HTTPTypes

/// What users may use, and the codes that give them more.
enum EntitlementEndpoints {
  static let all: [Endpoint] = [makeCodes, codes, redeem, status].admitting(.unmetered)

  static let makeCodes = Endpoint(
    .post, "/api/v1/codes", UserForm.group, "Make codes", "For owners; all or none. The codes are shown once.",
    body: Endpoint.Body(
      Form.object(
        [
          ("batch", ["type": "string", "minLength": 1, "maxLength": 100]),
          ("tier", ["type": "string", "minLength": 1, "maxLength": 100]),
          (
            "count",
            [
              "type": "integer", "minimum": 1, "default": 1,
              "maximum": .number(JSONNumber(CodeBatch.largest)),
            ]
          ),
          ("days", ["type": "integer", "minimum": 1, "maximum": 36_500]),
          ("uses", ["type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1]),
          ("expires_at", UserForm.time), ("note", ["type": "string", "maxLength": 2_000]),
        ], optional: ["count", "days", "uses", "expires_at", "note"]),
      example: ["batch": "autumn", "tier": "pro", "count": 10, "days": 30]),
    outcomes: [
      Endpoint.Outcome(.created, "The codes.", json: Form.object([("codes", Form.list(["type": "string"]))])),
      UserForm.refused, UserForm.unclear, .problem(.notFound, "There is no such tier."),
    ]
  ) { call in
    var batch = CodeBatch(
      call.member("batch")?.string ?? "", tier: call.member("tier")?.string ?? "",
      count: call.member("count")?.integer ?? 1, days: call.member("days")?.integer,
      uses: call.member("uses")?.integer ?? 1, note: call.member("note")?.string)
    if let text = call.member("expires_at")?.string {
      guard let time = Timestamp(parsing: text) else {
        throw Problem(.unprocessableContent, code: .invalid, "expires_at is no time.")
      }
      batch.expiresAt = time
    }
    let codes = try await call.rooms.entitlements.makeCodes(batch, by: call.caller)
    return Answer.json(["codes": .array(codes.map { .string($0) })], .created).with(.cacheControl, "no-store")
  }

  static let codes = Endpoint(
    .get, "/api/v1/codes", UserForm.group, "List the codes",
    "For owners: how often each was used, not the codes themselves.",
    parameters: [
      Parameter(
        "batch", in: .query, "Only those that were made together.", ["type": "string", "maxLength": 100],
        example: "autumn"), .limit, .after,
    ],
    outcomes: [
      Endpoint.Outcome(.ok, "The codes.", json: UserForm.page("codes", of: UserForm.code)), UserForm.refused,
      UserForm.unclear,
    ]
  ) { call in
    let page = try call.rooms.entitlements.codes(
      batch: call.text("batch"), limit: call.pageLimit, after: call.text("after"),
      for: call.caller)
    return .json(page.json("codes", \.codeJSON))
  }

  static let redeem = Endpoint(
    .post, "/api/v1/entitlements/redeem", UserForm.group, "Redeem a code", "It counts once for each user.",
    body: Endpoint.Body(
      Form.object([("code", ["type": "string", "minLength": 1, "maxLength": 100])]),
      example: ["code": "ABCDE-FGHJK-MNPQR-STVWX-YZ234"]),
    outcomes: [
      Endpoint.Outcome(.ok, "What the caller may use now.", json: UserForm.status),
      .problem(.notFound, "There is no such code."), .problem(.conflict, "It was redeemed before."), UserForm.refused,
    ]
  ) { call in
    .json(try await call.rooms.entitlements.redeem(call.member("code")?.string ?? "", for: call.caller).json)
  }

  static let status = Endpoint(
    .get, "/api/v1/entitlements", UserForm.group, "Read what the caller may use, and how much is left",
    outcomes: [
      Endpoint.Outcome(.ok, "The tier, and the requests of the day.", json: UserForm.status), UserForm.refused,
    ]
  ) { call in
    .json(try call.rooms.entitlements.status(for: call.caller).json)
  }
}
