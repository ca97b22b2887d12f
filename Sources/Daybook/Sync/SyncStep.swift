/// The steps of a sync that brings something both ways, by name: where tests let a process die.
package enum SyncStep: String, CaseIterable, Sendable {
  /// What came is among the store's packs; nothing leads to it yet.
  case arrived
  /// Our ref of the remote leads to it.
  case fetched
  /// The merge is in a pack; no branch reaches it yet.
  case merged
  /// The branch reaches it.
  case joined
  /// Readers see it; the working files are still to be made.
  case followed
  /// The remote has what was pushed; our ref of it does not say so yet.
  case pushed
}
