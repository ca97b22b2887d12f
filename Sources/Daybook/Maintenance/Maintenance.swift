/// Does what can be put off, one thing after the other, until nothing is left or the time is used up: removes leftovers,
/// sweeps expired documents, condenses packs.
///
/// Each step is small, or is given up at the deadline, and none needs another: killed anywhere, the next run finds what is
/// left to do by looking. Others read and write meanwhile.
struct Maintenance {
  let store: Store
  let budget: CondensingBudget

  private var parts: StoreParts { store.parts }

  func run() throws(StoreError) -> MaintenanceReport {
    var report = MaintenanceReport()
    try removeLeftovers(&report)
    for step in try sweep() { report.addSwept(step) }
    // What is swept is archived before: its commits are packs, too.
    report.condensing = try store.condenseBlocking(budget)
    report.isTimeUp = budget.deadline.isOver
    report.expiredLeft = try store.snapshot().expiredDocuments(at: parts.clock.milliseconds())
    return report
  }

  /// Looking for them takes half of the time at most: it begins anew with each run, so that short ones would never come
  /// to anything else. Without any time there is nothing else to do.
  private func removeLeftovers(_ report: inout MaintenanceReport) throws(StoreError) {
    let leftovers = Leftovers(
      root: parts.root, kinds: store.kinds, fileSystem: parts.fileSystem, now: parts.clock.milliseconds())
    let deadline = budget.deadline.isOver ? .never : budget.deadline.halfway
    let (files, isAll) = try leftovers.find(until: deadline)
    report.hasSearchedAll = isAll
    for file in files {
      if budget.deadline.isOver {
        report.leftoversLeft.add(file)
      } else {
        try leftovers.remove(file)
        report.leftovers.add(file)
        parts.options.onStep(.leftoverRemoved)
      }
    }
  }

  private func sweep() throws(StoreError) -> [Sweep.Step] {
    var walk = parts.sweep.begin()
    var steps: [Sweep.Step] = []
    while !budget.deadline.isOver, let step = try parts.sweep.step(&walk) { steps.append(step) }
    return steps
  }
}
