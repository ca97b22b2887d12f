extension JSONValue {
  /// Where another version of this value has the member of a pointer: elements that have ids are found by them, and for
  /// one that is gone nothing stands there.
  package func counterpart(of pointer: JSONPointer, in other: JSONValue) -> JSONPointer {
    var tokens: [String] = []
    var (mine, theirs): (JSONValue?, JSONValue?) = (self, other)
    for token in pointer.tokens {
      var step = token
      let element = mine?[JSONPointer([token])]
      if let id = element?["id"], let elements = theirs?.array, mine?.array != nil {
        step = elements.firstIndex { $0["id"] == id }.map(String.init) ?? (elements.first?["id"] == nil ? token : "-")
      }
      tokens.append(step)
      mine = element
      theirs = theirs?[JSONPointer([step])]
    }
    return JSONPointer(tokens)
  }
}
