import Documents

extension Kind {
  /// The text of a document with one secret set, still in clear, and everything else as it was.
  func setting(
    _ member: JSONPointer, to value: String, in text: JSONText, of address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    let changed: JSONText
    do {
      changed = text.changing(to: try JSONPatch([.add(member, .string(value))]).applied(to: text.root.value))
    } catch {
      throw StoreError(
        .notFound, "There is no place for \(member) in '\(address)'.",
        hint: "What it lies in must be there first.", document: "\(address)")
    }
    guard secrets.contains(where: { $0.pointers(in: changed.root).contains(member) }) else {
      throw StoreError(
        .usage, "\(member) is no secret of \(name), and would stand in clear.",
        hint: secrets.isEmpty
          ? "The kind declares none." : "Its secrets are: \(secrets.map { "\($0)" }.joined(separator: ", ")).",
        document: "\(address)")
    }
    return changed
  }
}
