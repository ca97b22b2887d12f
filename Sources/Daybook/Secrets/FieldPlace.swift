import Documents

/// Where in a document a secret is. Elements of arrays are found by their `id` member, since positions shift when two
/// machines' changes are merged.
struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  enum Step: Hashable, Sendable {
    case member(String)
    case element(id: String)
    /// An element that cannot be told from others: it has no `id`, or one that an element before it has too.
    case unnamedElement(position: Int)
  }

  var steps: [Step] = []

  func appending(_ step: Step) -> FieldPath { FieldPath(steps: steps + [step]) }

  /// Whether the path will still lead to the same value after other elements came or went.
  var isStable: Bool {
    steps.allSatisfy { step in
      if case .unnamedElement = step { false } else { true }
    }
  }

  /// For people, such as `/endpoints/[eu]/token`.
  var description: String {
    steps.map { step in
      switch step {
      case .member(let name): "/" + name
      case .element(let id): "/[\(id)]"
      case .unnamedElement(let position): "/\(position)"
      }
    }.joined()
  }
}

/// The one place in the world that a sealed value belongs to. Its message derives the key for that place, which is why a
/// value that was moved to another member, document, collection or store does not open.
///
/// The message is a list of length-prefixed texts: `daybook/seal/1`, store id, collection, document id, and then two texts
/// for each step of the path: `member` and its name, or `element` and its id.
struct FieldPlace: Hashable, Sendable {
  let storeID: String
  let collection: String
  let document: String
  let path: FieldPath

  /// The path must be stable.
  init(storeID: String, address: DocumentAddress, path: FieldPath) {
    precondition(path.isStable, "A secret is sealed only where it can be found again.")
    self.storeID = storeID
    self.collection = address.collection.text
    self.document = address.id.text
    self.path = path
  }

  var message: [UInt8] {
    LengthPrefixed.bytes(of: ["daybook/seal/1", storeID, collection, document] + path.steps.flatMap(\.texts))
  }
}

extension FieldPath.Step {
  fileprivate var texts: [String] {
    switch self {
    case .member(let name): ["member", name]
    case .element(let id): ["element", id]
    case .unnamedElement: preconditionFailure("A place has a stable path.")
    }
  }
}
