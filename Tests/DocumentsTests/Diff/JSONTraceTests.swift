import Documents
import Testing

@Suite struct JSONTraceTests {
  /// The members that each of some versions, newest first, is the first to have as they are.
  private func settled(_ versions: [String]) throws -> [[String]] {
    let texts = try versions.map { try JSONText(parsing: $0) }
    var trace = JSONTrace(of: texts[0].root)
    return texts.indices.map { place in
      let older = place + 1 < texts.count ? texts[place + 1].root : nil
      return trace.step(from: texts[place].root, to: older).map(\.pointer.description)
    }
  }

  @Test func aMemberIsFollowedToTheVersionThatSetIt() throws {
    #expect(
      try settled([
        #"{"a": 2, "b": {"c": 1, "d": []}, "e": null}"#, #"{"a": 1, "b": {"c": 1, "d": []}, "e": null}"#,
        #"{"b": {"c": 1.0, "d": [0]}}"#, "{}",
      ]) == [["/a"], ["/b/d", "/e"], ["/b/c"], []])
  }

  @Test func anElementIsFollowedWhenOthersComeAndGo() throws {
    #expect(
      try settled([#"["x", "a", "b"]"#, #"["a", "b"]"#, #"["a", "q", "b"]"#, #"["b"]"#]) == [
        ["/0"], [], ["/1"], ["/2"],
      ])
    #expect(
      try settled([
        #"[{"id": 2, "n": 1}, {"id": 1, "n": 5}]"#, #"[{"id": 1, "n": 5}, {"id": 2, "n": 1}]"#,
        #"[{"id": 1, "n": 4}]"#,
      ]) == [[], ["/0/id", "/0/n", "/1/n"], ["/1/id"]])
  }

  @Test func onlyWhatLiesBelowThePointerIsFollowed() throws {
    let text = try JSONText(parsing: #"{"a": {"b": 1, "c": 2}, "d": 3}"#)
    #expect(JSONTrace(of: text.root, below: JSONPointer(["a"])).open.map(\.pointer.description) == ["/a/b", "/a/c"])
    #expect(JSONTrace(of: text.root, below: JSONPointer(["x"])).open.isEmpty)
    #expect(JSONTrace(of: text.root, below: JSONPointer(["d"])).open.map(\.value) == [3])
  }
}
