/// One difference between two values.
public struct JSONChange: Sendable, Equatable {
  /// What happened.
  public enum Kind: Sendable {
    case added, removed, changed
    /// An element with an id stands elsewhere among its siblings; old and new are its content.
    case moved
  }

  /// Where: in the new value, but for what was removed in the old one.
  public var pointer: JSONPointer
  /// What happened.
  public var kind: Kind
  /// Nil for what was added.
  public var old: JSONValue?
  /// Nil for what was removed.
  public var new: JSONValue?
  /// The steps of the pointer as a person would name them: an element that has an id goes by it instead of its place.
  public var path: [String]

  /// A difference that is known already.
  public init(pointer: JSONPointer, kind: Kind, old: JSONValue?, new: JSONValue?, path: [String]) {
    self.pointer = pointer
    self.kind = kind
    self.old = old
    self.new = new
    self.path = path
  }

  /// The id of the element that this change is about, if it has one.
  public var id: JSONValue? { (new ?? old)?["id"] }
}
