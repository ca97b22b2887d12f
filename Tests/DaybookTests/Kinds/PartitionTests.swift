import Documents
import Testing

@testable import Daybook

/// Where documents lie is a part of the format: what is written here may never change.
@Suite struct PartitionTests {
  @Test(arguments: [
    (Partition.flat, "gpt-4o", ""), (.hash, "gpt-4o", "06/13"),
    (.day, "019aa4f0-7c00-7000-8000-3f2b6c1d9e55", "2025-11/21"),
    (.minute, "019aa4f0-7c00-7000-8000-3f2b6c1d9e55", "2025-11/21/0543"),
  ])
  func aDocumentHasOneFolder(partition: Partition, id: String, folder: String) throws {
    #expect(try partition.folders(for: DocumentID(id)).joined(separator: "/") == folder)
  }

  @Test(arguments: [Partition.day, .minute]) func anIDWithoutATimeIsRefused(partition: Partition) throws {
    let id = try DocumentID("gpt-4o")
    #expect(throws: StoreError.self) { try partition.folders(for: id) }
  }
}
