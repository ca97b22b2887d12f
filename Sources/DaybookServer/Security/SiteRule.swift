import HTTPTypes

/// Whether a request that changes something may come from where it comes from. Browsers say so in `Sec-Fetch-Site`, older
/// ones in `Origin`; what is no browser sends neither. Without this, any page could write to the service of whoever
/// looks at it.
enum SiteRule {
  static func admits(_ method: HTTPRequest.Method, _ headers: HTTPFields, host: String?, isEncrypted: Bool = false)
    -> Bool
  {
    guard !isSafe(method) else { return true }
    if let site = headers[.secFetchSite] { return site == "same-origin" || site == "none" }
    guard let origin = headers[.origin] else { return true }
    guard let host = host?.lowercased() else { return false }
    let page = origin.lowercased()
    // A page that came unencrypted is another site, though of the same name: anybody on the way may have written it. Whether
    // a proxy encrypts is not known here.
    return page == "https://\(host)" || !isEncrypted && page == "http://\(host)"
  }

  static func isSafe(_ method: HTTPRequest.Method) -> Bool {
    method == .get || method == .head || method == .options
  }
}
