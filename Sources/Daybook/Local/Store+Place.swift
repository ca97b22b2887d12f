import Documents
import Storage

extension Store {
  /// A name for this copy of the store: made when it is asked for first, and kept for as long as the folder is the same
  /// one, however often it is opened and wherever it is moved to on its file system.
  ///
  /// A copy of the folder brings the note of it along, but not the file that stands for the store's lock: that is never
  /// replaced, and a copy has one of its own. So the note counts only together with the number of that file. An image or
  /// a snapshot of a whole file system keeps the numbers: two machines that are made of one have one name.
  package func place() throws(StoreError) -> String {
    let files = localFiles(in: "service")
    let lock = try lockNumber()
    let note = try files.read("place").flatMap { try? JSONText(parsing: $0).root }
    if let place = note?["place"]?.string, note?["lock"]?.string == lock { return place }
    let place = makeID().text
    try files.write(JSONText(formatting: ["place": .string(place), "lock": .string(lock)]).bytes, as: "place")
    return place
  }

  /// The number that the file system gives the lock. That of the device is left out: it may change when the machine is
  /// started again.
  private func lockNumber() throws(StoreError) -> String {
    do {
      return "\(try parts.fileSystem.status("\(path)/\(StoreLayout.lock)")?.inode ?? 0)"
    } catch {
      throw StoreError(.unavailable, "The lock of the store could not be looked at.", cause: error)
    }
  }
}
