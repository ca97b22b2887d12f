package import Daybook
package import Documents

/// Where a task stands:
///
///     pending ──▶ processing ──▶ completed
///        │             ├───────▶ failed
///        └─────────────┴───────▶ cancelled
///
/// A pending task may come to any end: it was too short to report anything, or nobody began it. An end is final, and there is
/// one: who comes second is told who was first, when, and what it came to.
package enum TaskStatus: String, Sendable, CaseIterable {
  case pending, processing, completed, failed, cancelled

  package var isFinal: Bool {
    switch self {
    case .pending, .processing: false
    case .completed, .failed, .cancelled: true
    }
  }
}

/// What is told of a task while it is open. What is nil stays as it is.
package struct TaskProgress: Sendable {
  /// In percent.
  package var percent: JSONNumber?
  /// One line for people.
  package var message: String?
  package var detail: JSONObject?
  package var metadata: JSONObject?

  package init(
    percent: JSONNumber? = nil, message: String? = nil, detail: JSONObject? = nil, metadata: JSONObject? = nil
  ) {
    self.percent = percent
    self.message = message
    self.detail = detail
    self.metadata = metadata
  }

  var members: JSONObject {
    var members: JSONObject = [:]
    members["progress"] = percent.map { .number($0) }
    members["message"] = message.map { .string($0) }
    members["progress_detail"] = detail.map { .object($0) }
    members["metadata"] = metadata.map { .object($0) }
    return members
  }
}

/// What a task comes to.
enum TaskEnd {
  case completed(result: JSONValue)
  case failed(error: String)
  case cancelled
  /// The service that was to do it is gone.
  case interrupted

  static let interruption = "interrupted by a restart"

  fileprivate var members: JSONObject {
    switch self {
    case .completed(let result): ["status": "completed", "progress": 100, "result": result]
    case .failed(let error): ["status": "failed", "error": .string(error)]
    case .cancelled: ["status": "cancelled"]
    case .interrupted: ["status": "failed", "error": .string(Self.interruption)]
    }
  }
}

// MARK: What follows

/// A task as the rules see it: each step answers the members to set.
struct TaskState {
  private let document: Document
  private let status: TaskStatus

  init(_ document: Document) {
    self.document = document
    status = document.taskStatus
  }

  /// - Parameter owner: the lease of whoever takes the task on; nil for the one that it has.
  func starting(owner: String?) throws(StoreError) -> JSONObject {
    try checkIsOpen()
    guard status == .pending else {
      throw StoreError(.conflict, "'\(document.address)' is processing already.", document: "\(document.address)")
    }
    var members: JSONObject = ["status": "processing"]
    members["owner"] = owner.map { .string($0) }
    return members
  }

  /// - Parameter owner: the same.
  func reporting(_ progress: TaskProgress, owner: String? = nil) throws(StoreError) -> JSONObject {
    try checkIsOpen()
    var members = progress.members
    members["owner"] = owner.map { .string($0) }
    if status == .pending { members["status"] = "processing" }
    return members
  }

  /// - Parameter user: who says so; nil for nobody.
  func ending(_ end: TaskEnd, at moment: Timestamp, by user: String?) throws(StoreError) -> JSONObject {
    try checkIsOpen()
    var members = end.members
    members["finished_at"] = .string(moment.text)
    members["finished_by"] = user.map { .string($0) }
    return members
  }

  private func checkIsOpen() throws(StoreError) {
    guard status.isFinal else { return }
    let who = document.root["finished_by"]?.string.map { " by \($0)" } ?? ""
    let when = document.root["finished_at"]?.string.map { " at \($0)" } ?? ""
    let why = document.root["error"]?.string.map { " (\($0))" } ?? ""
    let what = status == .failed ? "has failed" : "was \(status.rawValue)"
    throw StoreError(
      .conflict, "'\(document.address)' \(what)\(who)\(when)\(why).", hint: "That is final. Create another task.",
      document: "\(document.address)")
  }
}

extension Document {
  /// The status of a task.
  package var taskStatus: TaskStatus { root["status"]?.string.flatMap(TaskStatus.init) ?? .pending }
}
