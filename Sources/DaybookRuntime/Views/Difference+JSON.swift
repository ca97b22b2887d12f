package import Daybook
package import Documents

extension Difference {
  /// What is different in one file, member by member.
  package var json: JSONObject {
    let change = old == nil ? "created" : new == nil ? "deleted" : "changed"
    return [
      "document": .string(name), "path": .string(path), "change": .string(change),
      "members": .array(members.map { .object($0.json) }),
    ]
  }
}

extension JSONChange {
  package var json: JSONObject {
    var object: JSONObject = ["pointer": .string("\(pointer)"), "words": .string(words)]
    if let old { object["old"] = old }
    if let new { object["new"] = new }
    return object
  }
}
