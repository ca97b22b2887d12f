import Daybook
import Documents

/// Where documents come from, one by one.
protocol ImportSource {
  /// How many there are; nil when nobody knows before the end.
  var total: Int? { get }

  /// The next document; nil behind the last one. One that cannot be taken is a failure, and the one behind it is next.
  mutating func next() throws -> Result<Incoming, ImportFailure>?
}

/// A document on its way into the store.
struct Incoming {
  /// The file, or file and line, for messages.
  let source: String
  /// Nil when the store is to make one.
  let id: String?
  let text: JSONText
}

/// A document that could not be imported, and why.
struct ImportFailure: Error {
  let source: String
  let message: String

  init(source: String, message: String) {
    self.source = source
    self.message = message
  }

  fileprivate init(_ source: String, _ error: any Error) {
    self.init(source: source, message: (error as? StoreError)?.message ?? "\(error)")
  }
}

/// The `.json` files below a folder, their texts kept to the byte.
struct FolderSource: ImportSource {
  private let folder: String
  private let idFrom: JSONPointer?
  private let files: [String]
  private var place = 0

  private static let suffix = ".json"

  init(_ folder: String, idFrom: JSONPointer?) throws {
    self.folder = folder
    self.idFrom = idFrom
    files = try Folders.files(below: folder, endingIn: Self.suffix)
  }

  var total: Int? { files.count }

  mutating func next() -> Result<Incoming, ImportFailure>? {
    guard place < files.count else { return nil }
    defer { place += 1 }
    let source = "\(folder)/\(files[place])"
    do {
      let text = try Input.text(source)
      let id = try idFrom.map { try text.id(at: $0, source) } ?? Self.id(ofFile: files[place])
      return .success(Incoming(source: source, id: id, text: text))
    } catch {
      return .failure(ImportFailure(source, error))
    }
  }

  /// `s3/2006-03-01/service-2.json` becomes `s3.2006-03-01.service-2`.
  private static func id(ofFile path: String) -> String {
    path.dropLast(suffix.count).split(separator: "/").joined(separator: ".")
  }
}

/// Lines that are a document each. They become texts with a line for each member, as documents are.
struct LineSource: ImportSource {
  private let lines: LineReader
  private let name: String
  private let idFrom: JSONPointer?

  init(_ input: consuming Descriptor, name: String, idFrom: JSONPointer?) {
    lines = LineReader(input)
    self.name = name
    self.idFrom = idFrom
  }

  var total: Int? { nil }

  mutating func next() throws -> Result<Incoming, ImportFailure>? {
    while let line = try lines.next() {
      if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      let source = "\(name):\(lines.number)"
      do {
        let text = try Input.text(line, from: name, line: lines.number)
        let id = try idFrom.map { try text.id(at: $0, source) }
        return .success(Incoming(source: source, id: id, text: JSONText(formatting: text.root.value)))
      } catch {
        return .failure(ImportFailure(source, error))
      }
    }
    return nil
  }
}

extension JSONText {
  fileprivate func id(at pointer: JSONPointer, _ source: String) throws(StoreError) -> String {
    guard let node = root[pointer] else { throw StoreError(.invalid, "\(source): there is no \(pointer)") }
    guard let id = node.string ?? node.number?.text else {
      throw StoreError(.invalid, "\(source): \(pointer) is no string")
    }
    return id
  }
}
