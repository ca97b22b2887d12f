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
    let leftovers = try removeLeftovers()
    let steps = try sweep()
    // What is swept is archived before: its commits are packs, too.
    var report = MaintenanceReport(condensing: try store.condenseBlocking(budget))
    (report.leftovers, report.leftoversLeft) = leftovers
    for step in steps { report.addSwept(step) }
    report.isTimeUp = budget.deadline.isOver
    report.expiredLeft = try store.snapshot().expiredDocuments(at: parts.clock.milliseconds())
    return report
  }

  private func removeLeftovers() throws(StoreError) -> (removed: MaintenanceReport.Files, left: MaintenanceReport.Files)
  {
    let leftovers = Leftovers(
      root: parts.root, kinds: store.kinds, fileSystem: parts.fileSystem, now: parts.clock.milliseconds())
    var (removed, left) = (MaintenanceReport.Files(), MaintenanceReport.Files())
    for file in try leftovers.find() {
      if budget.deadline.isOver {
        left.add(file)
      } else {
        try leftovers.remove(file)
        removed.add(file)
        parts.options.onStep(.leftoverRemoved)
      }
    }
    return (removed, left)
  }

  private func sweep() throws(StoreError) -> [Sweep.Step] {
    var walk = parts.sweep.begin()
    var steps: [Sweep.Step] = []
    while !budget.deadline.isOver, let step = try parts.sweep.step(&walk) { steps.append(step) }
    return steps
  }
}
