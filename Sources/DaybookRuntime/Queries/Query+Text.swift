package import Daybook
package import Documents

/// Queries as people and URLs write them: conditions such as `status=failed`, `progress>=50` or `name^=gpt`, orders such as
/// `-updated_at`. A member is named by its key at the top of a document, or by a JSON Pointer.
extension Query {
  /// Only documents that pass a condition. What it compares with is JSON, or else a string, so that `status=failed` needs no
  /// quotes.
  package func `where`(condition text: String) throws(StoreError) -> Query {
    let start = text.firstIndex { "^=<>".contains($0) }
    guard let start, start > text.startIndex, let sign = Self.signs.first(where: { text[start...].hasPrefix($0) })
    else {
      throw StoreError(
        .usage, "'\(text)' is not a condition.", hint: "Write it as status=failed, 'progress>=50' or 'name^=gpt'.")
    }
    let operand = String(text[start...].dropFirst(sign.count))
    let value = JSONValue(argument: operand)
    let test: Test =
      switch sign {
      case "^=": .hasPrefix(operand)
      case ">=": .atLeast(value)
      case "<=": .atMost(value)
      case ">": .greater(value)
      case "<": .less(value)
      default: .equals(value)
      }
    return try self.where(Self.pointer(text[..<start]), test)
  }

  /// Ordered by a member; downwards with a `-` before it.
  package func sorted(order text: String) throws(StoreError) -> Query {
    let isDescending = text.hasPrefix("-")
    let member = Self.pointer(isDescending ? text.dropFirst() : text[...])
    return try sorted(by: member, isDescending ? .descending : .ascending)
  }

  /// The longer ones first, so that `>=` is not read as `>`.
  private static let signs = ["^=", ">=", "<=", "=", ">", "<"]

  private static func pointer(_ member: Substring) -> String {
    member.hasPrefix("/") ? String(member) : "/\(member)"
  }
}

extension JSONValue {
  /// A value as people write it: JSON, or else a string, so that `name=Ann` needs no quotes.
  package init(argument text: String) {
    self = (try? JSONText(parsing: text))?.root.value ?? .string(text)
  }
}
