import Documents

/// Which checkpoints of a thread stay when it is pruned: the newest of each namespace, and what these cannot do
/// without.
///
/// A channel that keeps its value whole only now and then is made anew from an ancestor that has it and from the writes
/// since. The metadata of a checkpoint names such channels (`counters_since_delta_snapshot`); for each of them that has
/// no value here, the parents stay up to the nearest that has it. Without those the value would silently come out
/// empty.
struct Retention {
  struct Checkpoint {
    var name: CheckpointName
    var parentID: String?
    /// The channels that are made of an ancestor's value.
    var derivedChannels: Set<ExactText>
  }

  /// - Parameters:
  ///   - count: how many of each namespace stay, at least.
  ///   - hasValue: whether a checkpoint has the value of a channel.
  static func kept<Failure>(
    of checkpoints: [Checkpoint], newest count: Int,
    hasValue: (CheckpointName, String) throws(Failure) -> Bool
  ) throws(Failure) -> Set<CheckpointName> {
    let byName = Dictionary(checkpoints.map { ($0.name, $0) }) { first, _ in first }
    var kept: Set<CheckpointName> = []
    for namespace in Dictionary(grouping: checkpoints, by: { ExactText($0.name.namespace) }).values {
      let newest = namespace.sorted { $1.name.id.precedesExactly($0.name.id) }.prefix(count)
      for checkpoint in newest {
        kept.insert(checkpoint.name)
        kept.formUnion(try ancestors(neededBy: checkpoint, byName, hasValue))
      }
    }
    return kept
  }

  private static func ancestors<Failure>(
    neededBy checkpoint: Checkpoint, _ byName: [CheckpointName: Checkpoint],
    _ hasValue: (CheckpointName, String) throws(Failure) -> Bool
  ) throws(Failure) -> Set<CheckpointName> {
    var needed: Set<CheckpointName> = []
    var open = checkpoint.derivedChannels
    var current = checkpoint
    while true {
      for channel in open where try hasValue(current.name, channel.text) { open.remove(channel) }
      guard !open.isEmpty,
        let parent = current.parentID.flatMap({ byName[CheckpointName($0, in: current.name.namespace)] }),
        needed.insert(parent.name).inserted
      else { return needed }
      current = parent
    }
  }
}
