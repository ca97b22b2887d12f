import Documents
import TestSupport

/// Kinds for tests: small, with every partition, an index, a series, a shared commit.
enum SampleKinds {
  static func kind(
    _ collection: String, ids: String = "\"given\"", partition: String = "flat", indexes: String = "{}",
    series: String = "{}", commit: String = "each"
  ) -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "properties": { "n": { "type": "integer" }, "s": { "type": "string" } },
      "x-daybook": {
        "collection": "\(collection)", "ids": \(ids), "partition": "\(partition)", "indexes": \(indexes),
        "series": \(series), "commit": "\(commit)"
      }
    }
    """
  }

  static let notes = (name: "note", schema: kind("notes", indexes: #"{"n": ["/n"], "sn": ["/s", "/n"]}"#))
  static let pins = (name: "pin", schema: kind("pins", partition: "hash"))
  static let counters = (name: "counter", schema: kind("counters", commit: "group"))
  static let threads = (
    name: "thread", schema: kind("threads", series: #"{"events": {"items": {"type": "object"}, "segment": 4}}"#)
  )

  static let all = [notes, pins, counters, threads]
}

func text(_ text: String) throws -> JSONText { try JSONText(parsing: text) }
