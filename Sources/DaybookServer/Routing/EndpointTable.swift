import HTTPTypes

/// All endpoints, found by method and path.
struct EndpointTable: Sendable {
  let endpoints: [Endpoint]
  /// The endpoints of each path, by the first three segments as far as those are literal: no request is held against more
  /// than a handful of paths.
  private let byStart: [String: [(path: PathTemplate, methods: [HTTPRequest.Method: Int])]]

  enum Match {
    case found(Endpoint, parameters: [(name: String, value: Substring)])
    case otherMethods([HTTPRequest.Method])
    case nothing
  }

  init(_ endpoints: [Endpoint]) {
    self.endpoints = endpoints
    var byStart: [String: [(path: PathTemplate, methods: [HTTPRequest.Method: Int])]] = [:]
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
    let segments = Substring(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let starts = (1...Self.startLength).reversed().filter { $0 <= segments.count }
      .map { segments.prefix($0).joined(separator: "/") }
    // Of several templates for one path, the one that spells out most is meant, whatever the method.
    for (template, methods) in starts.flatMap({ byStart[$0] ?? [] }) {
      guard let values = template.match(Array(segments)) else { continue }
      // What answers GET answers HEAD: the body is left out.
      if let number = methods[method] ?? (method == .head ? methods[.get] : nil) {
        return .found(endpoints[number], parameters: values)
      }
      return .otherMethods(methods.keys.sorted { $0.rawValue < $1.rawValue })
    }
    return .nothing
  }

  private static let startLength = 3

  private static func start(of path: PathTemplate) -> String {
    var literals: [String] = []
    for segment in path.segments.prefix(startLength) {
      guard case .literal(let text) = segment else { break }
      literals.append(text)
    }
    return literals.joined(separator: "/")
  }
}
