import Foundation
import Storage
import Testing

/// What a folder holds, asked for at once or one by one.
struct FolderContentsTests {
  @Test func isTheSameAsTheNamesWithTheStatusOfEach() throws {
    let folder = NSTemporaryDirectory() + "daybook-contents-\(UUID().uuidString)"
    let fileSystem = LocalFileSystem()
    try fileSystem.makeDirectory("\(folder)/sub")
    defer { try? fileSystem.removeAll(folder) }
    for name in ["b", "a", "ä b", ".hidden"] {
      try fileSystem.create("\(folder)/\(name)", bytes: Array(name.utf8).span, durable: false)
    }
    let contents = try fileSystem.contents(of: folder)
    #expect(try contents.map(\.name).sorted() == fileSystem.list(folder).sorted())
    #expect(contents.count == 5)
    for (name, status) in contents { #expect(try fileSystem.status("\(folder)/\(name)") == status) }
  }

  @Test func ofWhatIsNoFolderIsAnError() {
    #expect(throws: FileError.self) { _ = try LocalFileSystem().contents(of: "/none/such") }
  }
}
