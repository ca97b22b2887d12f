/// The path of an endpoint: `/v1/documents/{collection+}/{id}`.
///
/// A parameter takes one segment. One with `+`, of which a path has at most one, takes one or more: names of collections have
/// slashes, which may be sent as they are or as `%2F`.
struct PathTemplate: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  enum Segment: Sendable, Equatable {
    case literal(String)
    case parameter(String)
    case manySegments(String)
  }

  let segments: [Segment]
  /// As OpenAPI writes it, without `+`.
  let text: String

  init(stringLiteral text: String) {
    segments = text.split(separator: "/").map { segment in
      guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
      let name = segment.dropFirst().dropLast()
      return name.hasSuffix("+") ? .manySegments(String(name.dropLast())) : .parameter(String(name))
    }
    self.text = text.split(separator: "+").joined()
  }

  var description: String { text }

  /// The names of its parameters.
  var parameters: [String] {
    segments.compactMap { segment in
      switch segment {
      case .literal: nil
      case .parameter(let name), .manySegments(let name): name
      }
    }
  }

  /// Whether it comes first of two that fit one path: at the first segment in which they differ, what is spelt out goes before
  /// what a parameter would take in.
  func precedes(_ other: PathTemplate) -> Bool {
    for (own, its) in zip(segments, other.segments) where own.openness != its.openness {
      return own.openness < its.openness
    }
    return segments.count > other.segments.count
  }

  /// The values of its parameters in a path, taken apart at its slashes and not decoded; nil when it is another path.
  func match(_ path: [Substring]) -> [(name: String, value: Substring)]? {
    let extra = path.count - segments.count
    guard extra >= 0 else { return nil }
    var values: [(name: String, value: Substring)] = []
    var place = 0
    var isExact = extra == 0
    for segment in segments {
      switch segment {
      case .literal(let text):
        guard path[place] == text else { return nil }
        place += 1
      case .parameter(let name):
        values.append((name, path[place]))
        place += 1
      case .manySegments(let name):
        let (first, last) = (path[place], path[place + extra])
        values.append((name, first.base[first.startIndex..<last.endIndex]))
        place += extra + 1
        isExact = true
      }
    }
    return isExact ? values : nil
  }
}

extension PathTemplate.Segment {
  /// How much it takes in.
  fileprivate var openness: Int {
    switch self {
    case .literal: 0
    case .parameter: 1
    case .manySegments: 2
    }
  }
}
