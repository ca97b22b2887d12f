import Daybook
import HTTPTypes

/// The description of the service, by itself.
enum DocumentationEndpoints {
  private static let group = ObservingEndpoints.group
  private static let policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"

  /// The endpoints that show the others, and themselves.
  static func all(describing others: [Endpoint], address: String) -> [Endpoint] {
    // The pages cannot be made before the list is whole, of which they are a part.
    let skeleton = [openAPI([]), page([]), style].admitting(.anybody)
    let document = OpenAPIDocument(endpoints: others + skeleton)
    let html = DocumentationPage(document: document, address: address).html
    return [openAPI(JSONValue.object(document.json).compactBytes), page(html), style].admitting(.anybody)
  }

  private static func openAPI(_ bytes: [UInt8]) -> Endpoint {
    Endpoint(
      .get, "/openapi.json", group, "This description, for programs", "OpenAPI 3.1.",
      outcomes: [
        Endpoint.Outcome(.ok, "The description.", json: ["type": "object", "required": ["openapi", "paths"]])
      ]
    ) { _ in .bytes(bytes, mediaType: MediaTypes.json) }
  }

  private static func page(_ bytes: [UInt8]) -> Endpoint {
    Endpoint(
      .get, "/docs", group, "This description, for people",
      outcomes: [Endpoint.Outcome(.ok, "A page.", content: (MediaTypes.html, ["type": "string"]))]
    ) { _ in
      .bytes(bytes, mediaType: MediaTypes.html).with(.contentSecurityPolicy, policy).with(
        .referrerPolicy, "no-referrer")
    }
  }

  private static let style = Endpoint(
    .get, "/docs/style.css", group, "How that page looks",
    outcomes: [Endpoint.Outcome(.ok, "A style sheet.", content: ("text/css; charset=utf-8", ["type": "string"]))]
  ) { _ in .bytes(Array(DocumentationPage.style.utf8), mediaType: "text/css; charset=utf-8") }
}
