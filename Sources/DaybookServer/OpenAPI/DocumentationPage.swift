import Daybook
import HTTPTypes

/// `/docs`: what can be asked of the service, for people, with a line for curl each. Made of the endpoints, with nothing fetched from
/// anywhere else.
struct DocumentationPage {
  let document: OpenAPIDocument
  /// How the service is reached, such as `http://127.0.0.1:4640`.
  let address: String

  var html: [UInt8] {
    var page = HTMLWriter()
    page.markup(
      """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>Daybook: HTTP API</title><link rel="stylesheet" href="/docs/style.css"></head><body>
      <header><h1>Daybook: HTTP API</h1><p>All of this is also in <a href="/openapi.json">openapi.json</a>. Errors are
      problem documents (RFC 9457); their <code>code</code> has the same words as the command’s.</p></header>
      <nav aria-label="Groups"><ul>
      """)
    for group in document.groups {
      page.element("<li><a href=\"#", Self.anchor(group.name), "\">")
      page.text(group.name)
      page.markup("</a></li>")
    }
    page.markup("</ul></nav><main>")
    for group in document.groups { write(group, &page) }
    page.markup("</main></body></html>\n")
    return page.bytes
  }

  private func write(_ group: Endpoint.Group, _ page: inout HTMLWriter) {
    page.element("<section><h2 id=\"", Self.anchor(group.name), "\">")
    page.text(group.name)
    page.element("</h2><p>", group.description, "</p>")
    for endpoint in document.endpoints where endpoint.group == group { write(endpoint, &page) }
    page.markup("</section>")
  }

  private func write(_ endpoint: Endpoint, _ page: inout HTMLWriter) {
    page.element("<article><h3 id=\"", endpoint.name, "\">")
    page.element("<code>", "\(endpoint.method.rawValue) \(endpoint.path)", "</code> ")
    page.element("<span>", endpoint.summary, "</span></h3>")
    if !endpoint.description.isEmpty { page.element("<p>", endpoint.description, "</p>") }
    page.element("<pre>", curl(endpoint), "</pre>")
    write(parameters: endpoint.parameters, &page)
    page.markup("<details><summary>Answers</summary><dl>")
    for outcome in endpoint.outcomes {
      page.element("<dt>", "\(outcome.status.code)", "</dt>")
      page.element("<dd>", outcome.description, "</dd>")
    }
    page.markup("</dl></details></article>")
  }

  private func write(parameters: [Parameter], _ page: inout HTMLWriter) {
    guard !parameters.isEmpty else { return }
    page.markup("<details><summary>Parameters</summary><dl>")
    for parameter in parameters {
      page.element("<dt><code>", parameter.name, "</code> ")
      page.text(parameter.place.rawValue + (parameter.isRequired ? ", required" : ""))
      page.element("</dt><dd>", parameter.description, "</dd>")
    }
    page.markup("</dl></details>")
  }

  /// A line that does it.
  private func curl(_ endpoint: Endpoint) -> String {
    var line = "curl"
    if endpoint.outcomes.contains(where: { $0.content?.mediaType == MediaTypes.events }) { line += " -N" }
    if endpoint.method != .get, endpoint.method != .post || endpoint.body == nil {
      line += " -X \(endpoint.method.rawValue)"
    }
    line += " '\(address)\(path(endpoint))'"
    guard let body = endpoint.body, let form = body.forms.first else { return line }
    line += " -H 'Content-Type: \(form.mediaType)'"
    return line + " -d '\((body.example ?? [:]).compactText)'"
  }

  private func path(_ endpoint: Endpoint) -> String {
    var path = endpoint.path.text
    for parameter in endpoint.parameters where parameter.place == .path {
      path.replace("{\(parameter.name)}", with: parameter.example?.string ?? "…")
    }
    let query = endpoint.parameters.filter { $0.place == .query && $0.isRequired }.map { parameter in
      let example = parameter.example ?? parameter.schema.json["examples"]?.array?.first
      return "\(parameter.name)=\(example?.string ?? "…")"
    }
    return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
  }

  private static func anchor(_ name: String) -> String {
    String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }

  static let style = """
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
    body { max-width: 60rem; margin: 0 auto; padding: 1rem }
    nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none }
    h2 { margin-top: 2.5rem; border-bottom: 1px solid light-dark(#ccc, #444) }
    h3 { font-size: 1rem; margin: 1.75rem 0 .25rem }
    h3 span { font-weight: normal }
    code, pre { font-family: ui-monospace, monospace; font-size: .875rem }
    pre { overflow-x: auto; padding: .75rem; background: light-dark(#f4f4f4, #1c1c1c); border-radius: .25rem }
    dt { margin-top: .5rem } dd { margin-left: 1.5rem }
    summary { cursor: pointer }

    """
}
