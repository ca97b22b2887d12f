import Documents
import Testing

@Suite struct ClosestMatchTests {
  @Test(arguments: [
    ("temprature", "temperature"), ("Model", "model"), ("moedl", "model"), ("task", "tasks"), ("stauts", "status"),
  ])
  func findsTheWordThatWasMeant(word: String, meant: String) {
    #expect(closestMatch(to: word, in: ["model", "temperature", "tasks", "status"]) == meant)
  }

  @Test(arguments: ["", "zzz", "timestamp", "a", "mod"])
  func findsNothingWhenNothingIsNear(word: String) {
    #expect(closestMatch(to: word, in: ["model", "temperature", "tasks", "status"]) == nil)
  }

  @Test func prefersTheNearestAndThenTheFirst() {
    #expect(closestMatch(to: "cats", in: ["cots", "cat", "cats", "bats"]) == "cats")
    #expect(closestMatch(to: "abcx", in: ["abcd", "abce"]) == "abcd")
  }
}
