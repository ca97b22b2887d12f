import HTTPTypes

/// All endpoints, found by method and path.
struct EndpointTable: Sendable {
  let endpoints: [Endpoint]
  /// The endpoints of each path, by the first three segments as far as those are literal: no request is held against more
  /// than a handful of paths.
  private let byStart: [Substring: [(path: PathTemplate, methods: [HTTPRequest.Method: Int])]]

  enum Match {
    case found(Endpoint, parameters: [(name: String, value: Substring)])
    case otherMethods([HTTPRequest.Method])
    case nothing
  }

  init(_ endpoints: [Endpoint]) {
    self.endpoints = endpoints
    var byStart: [Substring: [(path: PathTemplate, methods: [HTTPRequest.Method: Int])]] = [:]
    for (number, endpoint) in endpoints.enumerated() {
      let start = Self.start(of: endpoint.path)
      if let place = byStart[start]?.firstIndex(where: { $0.path.segments == endpoint.path.segments }) {
        byStart[start]?[place].methods[endpoint.method] = number
      } else {
        byStart[start, default: []].append((endpoint.path, [endpoint.method: number]))
      }
    }
    self.byStart = byStart.mapValues { $0.sorted { $0.path.precedes($1.path) } }
  }

  func match(_ method: HTTPRequest.Method, _ path: some StringProtocol) -> Match {
    let path = Substring(path).dropFirst()
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    // Of several templates for one path, the one that spells out most is meant, whatever the method.
    for last in segments.prefix(Self.startLength).reversed() {
      for (template, methods) in byStart[path[..<last.endIndex]] ?? [] {
        guard let values = template.match(segments) else { continue }
        // What answers GET answers HEAD: the body is left out.
        if let number = methods[method] ?? (method == .head ? methods[.get] : nil) {
          return .found(endpoints[number], parameters: values)
        }
        return .otherMethods(methods.keys.sorted { $0.rawValue < $1.rawValue })
      }
    }
    return .nothing
  }

  private static let startLength = 3

  private static func start(of path: PathTemplate) -> Substring {
    var literals: [String] = []
    for segment in path.segments.prefix(startLength) {
      guard case .literal(let text) = segment else { break }
      literals.append(text)
    }
    return Substring(literals.joined(separator: "/"))
  }
}
