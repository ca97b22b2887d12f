import Daybook

/// Which store a command is about.
enum StoreLocation {
  private static let manifest = "daybook.json"

  /// The folder that was named, else the nearest one upwards from here that is a store.
  static func find(_ named: String?) throws(StoreError) -> String {
    if let named { return Console.current.path(named) }
    var folder = Folders.current
    while true {
      if Folders.exists("\(folder == "/" ? "" : folder)/\(manifest)") { return folder }
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { break }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
    throw StoreError(
      .notFound, "There is no store in \(Folders.current), nor in a folder above it.",
      hint: "Name one with -C, or make one with `daybook init`.")
  }
}
