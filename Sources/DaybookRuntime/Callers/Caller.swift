package import Daybook
package import Documents

/// On whose behalf something is read or written. Documents of a kind that belongs to users name theirs in the member
/// `user`; one without it belongs to the owner. What belongs to somebody else is not there for a caller: it is not
/// found, rather than refused, so that nobody learns which ids exist.
package struct Caller: Sendable, Hashable {
  /// The id of the user.
  package let user: String
  /// The author of the commits.
  package private(set) var author: Author
  /// What the caller may do with what there is for it.
  package let grant: Grant
  /// Whether it is whoever is at the machine itself, from whom no document is kept: the files are theirs.
  package let isLocal: Bool
  /// The name of the request that the caller makes, which the commits that come of it keep; nil when it has none.
  package private(set) var request: String?
  /// How everything is written that is written for the caller.
  package private(set) var terms = WriteTerms()
  /// The name of the program that acts for the user with a token of its own; nil for a person.
  package let agent: String?

  /// - Parameter grant: that of a member when left out, and for the owner the owner's.
  package init(user: String, author: Author, grant: Grant? = nil, isLocal: Bool = false, agent: String? = nil) {
    self.isLocal = isLocal
    self.agent = agent
    self.user = user
    self.author = author
    self.grant = grant ?? Grant(user == Self.ownerID ? .owner : .member)
  }

  /// The user of a store that has no others.
  package static let ownerID = "owner"

  /// The one who uses a store without users.
  package static func owner(_ author: Author) -> Caller { Caller(user: ownerID, author: author, isLocal: true) }

  /// The same, making a request that has a name.
  package func making(_ request: String) -> Caller {
    var caller = self
    caller.request = request
    return caller
  }

  /// The same, with what is written for it on these terms.
  package func writing(on terms: WriteTerms) -> Caller {
    var caller = self
    caller.terms = terms
    return caller
  }

  /// Another caller, for whom this one acts: what is done is this one's doing, and written as this one's.
  func acting(for other: Caller) -> Caller {
    var caller = other
    (caller.author, caller.request, caller.terms) = (author, request, terms)
    return caller
  }

  /// The service itself, for what nobody asked it to do.
  package static let service = Caller.owner(.store)

  /// The same, for what the service does beside what the caller asked, such as keeping tokens: it is not among what the
  /// caller has done, and can undo.
  var asService: Caller {
    var caller = self
    caller.author = .store
    return caller
  }

  /// Whether a document is the caller's own.
  package func owns(_ document: JSONNode) -> Bool { (document["user"]?.string ?? Self.ownerID) == user }

  /// The same for any collection: in some, whose a document is stands in its id.
  package func owns(_ document: Document) -> Bool {
    Self.collectionsByUser.contains(document.address.collection.text)
      ? document.address.id.text == user : owns(document.root)
  }

  private static let collectionsByUser: Set<String> = ["users", "settings/users", "runtime/users", "entitlements"]
}
