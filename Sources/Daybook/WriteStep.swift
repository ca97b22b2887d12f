/// The steps of a write, by name: where tests let a process die or a disk fail, and where a trace can listen.
package enum WriteStep: String, CaseIterable, Sendable {
  /// Commits are decided, nothing is on disk.
  case staged
  /// The log holds them.
  case logged
  /// Readers see them.
  case published
  /// The pack and its index are on disk; no branch reaches them yet.
  case packed
  /// The branch reaches them.
  case committed
  /// The working files hold them.
  case filesWritten
  /// The Git index knows the working files.
  case indexWritten
  /// The log has forgotten them.
  case logDropped
  /// Small packs were merged into one, and are still there themselves.
  case packsMerged
  /// Packs were condensed into one, and are still there themselves.
  case packsCondensed
  /// One of the packs that were condensed is gone, others may still be there.
  case condensedPackRemoved
  /// A sweep has taken some expired documents out of the tree, others may still be there.
  case swept
  /// A leftover is gone, others may still be there.
  case leftoverRemoved
  /// A rotation has written the key ring, with a new key or with one retired.
  case keyRingWritten
  /// A rotation has sealed some documents again, others may still be under an older key.
  case resealed
}
