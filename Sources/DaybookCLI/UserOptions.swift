import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

/// Whose documents a command is about. Who is at the machine may act for any user.
struct UserOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Whose it is, by the name of the account; by default the owner's.", valueName: "name"))
  var user = Caller.ownerID

  func caller(_ writing: WriteOptions?, in store: Store) throws(StoreError) -> Caller {
    let author = if let writing { try writing.commitAuthor } else { try Author.ofThisUser(Process.environment) }
    return Caller(user: try Users.id(of: user, in: store.snapshot()), author: author, isLocal: true)
  }

  /// The error that tells that there is no such document; with the user to whom it belongs, if that is another one.
  fileprivate func explained(_ error: StoreError, in snapshot: Snapshot) -> StoreError {
    guard error.code == .notFound, let address = error.document, let document = try? snapshot.document(address)
    else { return error }
    let owner = document.root["user"]?.string ?? Caller.ownerID
    var error = error
    if owner != user { error.hint = "It is there for another user: --user \(owner)" }
    return error
  }
}

extension GlobalOptions {
  /// Opens the store for a command about what belongs to a user.
  @discardableResult
  func withStore<Result>(
    of whose: UserOptions, writing options: WriteOptions? = nil, _ body: (Store, Caller) async throws -> Result
  ) async throws -> Result {
    try await withStore(writing: options) { store in
      do {
        return try await body(store, try whose.caller(options, in: store))
      } catch let error as StoreError {
        throw whose.explained(error, in: store.snapshot())
      }
    }
  }

  /// Prints a document as it stands in its file, with ‹sealed› in place of each secret.
  func show(_ document: Document, in snapshot: Snapshot) throws {
    let text = try snapshot.masked(document)
    if json { try Output.json(document.json(text)) } else { try Output.write(text.bytes) }
  }
}
