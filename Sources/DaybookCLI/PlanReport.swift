import Daybook
import Documents

/// Carries out a plan that takes something back, or shows it, and tells what came of it, as `WriteReport` does for any
/// write; on standard error also which files stay as they are.
struct PlanReport {
  let global: GlobalOptions
  let options: WriteOptions

  func carryOut(_ plan: HistoryPlan, in store: Store, origin: String = Origin.command.rawValue) async throws {
    for omission in plan.omissions { global.note("\(omission.path) stays as it is: \(omission.reason)") }
    try await WriteReport(global: global, options: options).write(to: store, origin: Origin(rawValue: origin)) {
      try $0.apply(plan)
    }
  }
}
