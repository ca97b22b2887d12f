import Documents
import Testing

@testable import Daybook

@Suite struct TimeToLiveTests {
  private func kind(_ ttl: String) throws -> Kind {
    try Kind(parsing: Array(ExpiringKinds.kind("jobs", ttl).utf8), fileName: "job.schema.json")
  }

  private func timeToLive(_ ttl: String) throws -> TimeToLive { try #require(try kind(ttl).timeToLive) }

  @Test func itIsCountedInSecondsHoursOrDays() throws {
    #expect(try timeToLive(#"{"seconds": 5}"#).milliseconds == 5_000)
    #expect(try timeToLive(#"{"hours": 2}"#).milliseconds == 7_200_000)
    #expect(try timeToLive(#"{"days": 30, "from": "/at"}"#).milliseconds == 2_592_000_000)
  }

  @Test(arguments: [
    (#"5"#, "must be an object"), (#"{}"#, "needs one of"), (#"{"seconds": 5, "days": 1}"#, "needs one of"),
    (#"{"days": 0}"#, "whole number"), (#"{"days": 1.5}"#, "whole number"), (#"{"days": 99999999}"#, "100 years"),
    (#"{"days": "1"}"#, "whole number"), (#"{"days": 1, "form": "/at"}"#, "unknown member \"form\""),
    (#"{"days": 1, "from": "at"}"#, "JSON Pointer"), (#"{"days": 1, "when": {"/s": "done"}}"#, "expected"),
    (#"{"days": 1, "when": {"/s": []}}"#, "expected"), (#"{"days": 1, "when": {"s": ["a"]}}"#, "expected"),
    (#"{"days": 1, "when": []}"#, "must be an object"),
  ])
  func aBadOneIsRefusedWithItsPlace(ttl: String, words: String) {
    let error = #expect(throws: StoreError.self) { try kind(ttl) }
    #expect(error?.code == .invalid)
    #expect(error?.message.hasPrefix("schemas/job.schema.json:4:") == true, "\(ttl): \(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(ttl): \(error?.message ?? "")")
  }

  @Test func whatADocumentSaysDecidesWhenItsTimeBegins() throws {
    let timed = try timeToLive(#"{"days": 1, "from": "/at", "when": {"/s": ["done", 7, null], "/t/u": [true]}}"#)
    func begin(_ document: String) throws -> Int64? { timed.begin(of: try text(document).root) }
    #expect(try begin(#"{"at": "1970-01-01T00:00:01Z", "s": "done", "t": {"u": true}}"#) == 1_000)
    #expect(try begin(#"{"at": "1970-01-01T02:00:01.5+02:00", "s": 7.0, "t": {"u": true}}"#) == 1_500)
    #expect(try begin(#"{"at": "1970-01-01T00:00:01Z", "s": null, "t": {"u": true}}"#) == 1_000)
    #expect(try begin(#"{"at": "1970-01-01T00:00:01Z", "t": {"u": true}}"#) == nil)
    #expect(try begin(#"{"at": "1970-01-01T00:00:01Z", "s": "open", "t": {"u": true}}"#) == nil)
    #expect(try begin(#"{"at": "1970-01-01T00:00:01Z", "s": "done", "t": {"u": false}}"#) == nil)
    #expect(try begin(#"{"at": "yesterday", "s": "done", "t": {"u": true}}"#) == nil)
    #expect(try begin(#"{"at": 1000, "s": "done", "t": {"u": true}}"#) == nil)
    #expect(try begin(#"{"s": "done", "t": {"u": true}}"#) == nil)
    #expect(try timeToLive(#"{"days": 1}"#).begin(of: try text("{}").root) == TimeToLive.atLastChange)
  }

  @Test func itIsOverAtTheCutoffAndNotBefore() throws {
    let timed = try timeToLive(#"{"days": 1, "from": "/at"}"#)
    let cutoff = TimeToLive.Cutoff(milliseconds: 1_000, sequence: 10)
    func isOver(_ begin: Int64, comeback: UInt64? = nil) -> Bool {
      timed.isOver(TimeToLive.Life(begin: begin, lastChange: 99, comeback: comeback), at: cutoff)
    }
    #expect(isOver(1_000) && !isOver(1_001) && isOver(-5))
    #expect(isOver(0, comeback: 10) && !isOver(0, comeback: 11))
    let untimed = try timeToLive(#"{"days": 1}"#)
    func isOver(lastChange: UInt64) -> Bool {
      untimed.isOver(TimeToLive.Life(begin: TimeToLive.atLastChange, lastChange: lastChange), at: cutoff)
    }
    #expect(isOver(lastChange: 10) && !isOver(lastChange: 11))
  }
}
