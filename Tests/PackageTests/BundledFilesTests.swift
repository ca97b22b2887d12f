import Testing

@testable import Daybook

/// What the binary carries is what the repository has.
struct BundledFilesTests {
  @Test(arguments: [("Schemas", BundledFiles.schemas), ("store-template", BundledFiles.template)])
  func theBinaryCarriesTheFilesOf(_ folder: String, _ bundled: [BundledFile]) throws {
    let files = try Checkout.files(below: folder).filter { !$0.hasSuffix(".md") }
    #expect(bundled.map { "\(folder)/\($0.name)" } == files)
    for file in bundled {
      #expect(file.bytes == Array(try Checkout.text("\(folder)/\(file.name)").utf8), "\(file.name)")
    }
  }

  @Test func theShippedSchemasAreKinds() throws {
    for file in BundledFiles.schemas where file.name.hasSuffix(StoreLayout.schemaSuffix) {
      _ = try Kind(parsing: file.bytes, fileName: file.name)
    }
    #expect(BundledFiles.schemas.count == ShippedFilesTests.kinds.count + 1)
  }
}
