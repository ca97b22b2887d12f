/// Some bytes of a text replaced by others.
struct JSONSplice: Comparable {
  var range: Range<Int>
  var bytes: [UInt8]

  /// By place; an insertion comes before what is replaced from the same byte on.
  static func < (one: JSONSplice, other: JSONSplice) -> Bool {
    (one.range.lowerBound, one.range.upperBound) < (other.range.lowerBound, other.range.upperBound)
  }
}

extension [UInt8] {
  /// These bytes, or the part of them within `bounds`, after splices that are in order and do not overlap.
  func applying(_ splices: [JSONSplice], within bounds: Range<Int>? = nil) -> [UInt8] {
    let bounds = bounds ?? indices
    var result: [UInt8] = []
    result.reserveCapacity(bounds.count + splices.reduce(0) { $0 + $1.bytes.count })
    var next = bounds.lowerBound
    for splice in splices {
      result += self[next..<splice.range.lowerBound]
      result += splice.bytes
      next = splice.range.upperBound
    }
    return result + self[next..<bounds.upperBound]
  }
}
