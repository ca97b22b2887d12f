import Documents

/// The only file that knows the names inside a store's folder. Paths are relative to it, with `/` between.
///
/// ```
/// daybook.json                                  format, store id, settings of the store itself
/// schemas/<kind>.schema.json                    kinds
/// migrations/NNNN-<name>.json                   how documents come from one version of a kind to the next
/// <collection>/<partition>/<id>.json            a document
/// <collection>/<partition>/<id>/<kind>.json     a document of a kind that has series
///                              /<series>/000001.json     a segment of a series
/// .git/daybook/                                 this machine's own: lock, log, index snapshot, where it was closed, names
///                                               of condensed packs, leaks, transfers under way, that it is being
///                                               made, where its history was cut, and files of the service
/// ```
///
/// A path follows from the id alone, and the id from the path.
enum StoreLayout {
  static let manifest = "daybook.json"
  static let schemas = "schemas"
  static let migrations = "migrations"
  static let schemaSuffix = ".schema.json"
  static let suffix = ".json"

  static let git = ".git"
  static let objects = ".git/objects"
  static let packs = ".git/objects/pack"
  static let gitIndex = ".git/index"
  static let shallow = ".git/shallow"
  static let commitGraph = ".git/objects/info/commit-graph"
  static let gitIndexLock = ".git/index.lock"
  static let local = ".git/daybook"
  static let log = ".git/daybook/log"
  static let lock = ".git/daybook/lock"
  static let indexSnapshot = ".git/daybook/index"
  static let cleanPoint = ".git/daybook/unclean"
  static let closingPoint = ".git/daybook/closed"
  static let condensedPacks = ".git/daybook/condensed"
  static let migrating = ".git/daybook/migrating"
  static let leaks = ".git/daybook/leaks"
  static let transfers = ".git/daybook/transfers"
  static let making = ".git/daybook/making"
  static let horizon = ".git/daybook/horizon"

  private static let segmentDigits = 6

  static func packPath(_ name: String) -> String { "\(packs)/pack-\(name).pack" }

  static func path(of address: DocumentAddress, _ kind: Kind) throws(StoreError) -> String {
    let stem = try stem(of: address, kind)
    return kind.series.isEmpty ? stem + suffix : "\(stem)/\(kind.name)\(suffix)"
  }

  static func path(ofSegment number: Int, of series: String, in address: DocumentAddress, _ kind: Kind)
    throws(StoreError) -> String
  {
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, segmentDigits - digits.count)) + digits
    return "\(try folder(ofSeries: series, in: address, kind))/\(name)\(suffix)"
  }

  static func folder(ofSeries series: String, in address: DocumentAddress, _ kind: Kind) throws(StoreError) -> String {
    "\(try stem(of: address, kind))/\(series)"
  }

  /// The folder that a file is in.
  static func parent(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
  }

  /// The kind whose schema a path is; nil for another file.
  static func kind(ofSchema path: String) -> String? {
    let name = path.dropFirst(schemas.count + 1)
    guard path.hasPrefix(schemas + "/"), name.hasSuffix(schemaSuffix), !name.contains("/") else { return nil }
    return String(name.dropLast(schemaSuffix.count))
  }

  static func schemaPath(_ kind: String) -> String { "\(schemas)/\(kind)\(schemaSuffix)" }

  private static func stem(of address: DocumentAddress, _ kind: Kind) throws(StoreError) -> String {
    let folders = [address.collection.text] + (try kind.partition.folders(for: address.id))
    return (folders + [address.id.fileName]).joined(separator: "/")
  }

  /// What a path in the store stands for.
  enum Place: Equatable {
    case document(DocumentAddress, kind: Int)
    case segment(of: DocumentAddress, series: String, number: Int, kind: Int)
    case schema(String)
    /// A file that is nobody's document, such as a README: kept, not indexed.
    case other
  }

  static func place(of path: String, _ kinds: Kinds) -> Place {
    guard path.hasSuffix(suffix) else { return .other }
    if let kind = kind(ofSchema: path) { return .schema(kind) }
    let names = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for length in stride(from: names.count - 1, to: 0, by: -1) {
      guard let place = kinds.place(of: names[..<length].joined(separator: "/")) else { continue }
      return self.place(of: path, names: names[length...], kinds.all[place], place, kinds) ?? .other
    }
    return .other
  }

  private static func place(
    of path: String, names: ArraySlice<String>, _ kind: Kind, _ place: Int, _ kinds: Kinds
  ) -> Place? {
    func address(_ fileName: some StringProtocol) -> DocumentAddress? {
      (try? DocumentID(fileName: String(fileName))).map { DocumentAddress(collection: kind.collection, id: $0) }
    }
    guard let last = names.last?.dropLast(suffix.count) else { return nil }
    if kind.series.isEmpty {
      guard let address = address(last), (try? self.path(of: address, kind)) == path else { return nil }
      return .document(address, kind: place)
    }
    if last == kind.name, let address = names.dropLast().last.flatMap({ address($0) }),
      (try? self.path(of: address, kind)) == path
    {
      return .document(address, kind: place)
    }
    guard names.count >= 3, let address = address(names[names.endIndex - 3]), let number = Int(last) else { return nil }
    let series = names[names.endIndex - 2]
    guard (try? self.path(ofSegment: number, of: series, in: address, kind)) == path else { return nil }
    return .segment(of: address, series: series, number: number, kind: place)
  }
}
