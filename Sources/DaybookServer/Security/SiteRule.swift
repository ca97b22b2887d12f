import HTTPTypes

/// Whether a request that changes something may come from where it comes from. Browsers say so in `Sec-Fetch-Site`, older
/// ones in `Origin`; what is no browser sends neither. Without this, any page could write to the service of whoever
/// looks at it.
enum SiteRule {
  static func admits(_ method: HTTPRequest.Method, _ headers: HTTPFields, host: String?) -> Bool {
    guard !isSafe(method) else { return true }
    if let site = headers[.secFetchSite] { return site == "same-origin" || site == "none" }
    guard let origin = headers[.origin] else { return true }
    guard let host, let scheme = origin.firstRange(of: "://") else { return false }
    return origin[scheme.upperBound...].lowercased() == host.lowercased()
  }

  static func isSafe(_ method: HTTPRequest.Method) -> Bool {
    method == .get || method == .head || method == .options
  }
}
