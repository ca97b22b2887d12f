/// A ref and the object that it leads to.
package struct Reference: Hashable, Sendable {
  /// In full, such as `refs/heads/main`.
  package var name: String
  package var id: ObjectID

  package init(_ name: String, _ id: ObjectID) {
    (self.name, self.id) = (name, id)
  }
}
