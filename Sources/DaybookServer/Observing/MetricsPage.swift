import Daybook
import DaybookRuntime

/// The figures of the service and its store in the text format that Prometheus reads.
struct MetricsPage {
  private(set) var text = ""

  init(_ rooms: Rooms, _ status: StoreStatus) {
    addRequests(rooms.metrics, rooms.bodies)
    addDeferred(rooms.deferred.counts)
    addStore(status)
    add("daybook_growth_warning", "gauge", "1 for each figure that is above its threshold.")
    for warning in rooms.growth.warnings(of: status) { line("daybook_growth_warning", [("of", warning.figure)], "1") }
  }

  private mutating func addRequests(_ metrics: ServiceMetrics, _ bodies: BodyRoom) {
    add("daybook_requests_total", "counter", "Requests by endpoint and class of status.")
    for (name, requests) in metrics.byEndpoint {
      for (status, count) in requests.byClass.sorted(by: { $0.key < $1.key }) {
        line("daybook_requests_total", [("endpoint", name), ("status", "\(status)xx")], "\(count)")
      }
    }
    add("daybook_request_duration_seconds", "histogram", "How long requests took.")
    for (name, requests) in metrics.byEndpoint { addDurations(of: name, requests) }
    counter("daybook_request_body_bytes_total", "Bytes of the bodies of requests.", bodies.received)
    gauge("daybook_request_bodies_held_bytes", "Bytes of the bodies of requests that are under way.", bodies.count)
    add("daybook_answer_body_bytes_total", "counter", "Bytes of the bodies of answers, streams aside.")
    for (name, requests) in metrics.byEndpoint {
      line("daybook_answer_body_bytes_total", [("endpoint", name)], "\(requests.answeredBytes)")
    }
    gauge("daybook_event_readers", "Readers of events.", metrics.eventReaders.count)
  }

  private mutating func addDeferred(_ counts: DeferredCounts) {
    gauge("daybook_deferred_writes_waiting", "Accepted writes that are still to be made.", counts.waiting)
    gauge("daybook_deferred_write_bytes", "Bytes of the accepted writes that are still to be made.", counts.bytes)
    add("daybook_deferred_writes_total", "counter", "Accepted writes that are over, by what became of them.")
    line("daybook_deferred_writes_total", [("outcome", "made")], "\(counts.done)")
    line("daybook_deferred_writes_total", [("outcome", "refused")], "\(counts.failed)")
    counter("daybook_deferred_retries_total", "Tries of accepted writes that have to be tried again.", counts.retried)
  }

  private mutating func addStore(_ status: StoreStatus) {
    gauge("daybook_sequence", "The sequence of the newest commit.", Int(clamping: status.sequence))
    add("daybook_documents", "gauge", "Documents by collection.")
    for (collection, count) in status.documents {
      line("daybook_documents", [("collection", collection)], "\(count)")
    }
    gauge("daybook_waiting_writes", "Transactions that wait for the writer.", status.waitingWrites)
    gauge("daybook_unarchived_commits", "Commits that are not in a pack yet.", status.unarchivedCommits)
    gauge("daybook_log_bytes", "Bytes of the write-ahead log.", status.logBytes)
    gauge("daybook_packs", "Packs of the archive.", status.packs)
    gauge("daybook_pack_bytes", "Bytes of the packs.", status.packBytes)
    gauge("daybook_broken_files", "Files with an edit that cannot be taken in.", status.fileProblems.count)
    gauge("daybook_writable", "1 while the store takes writes.", status.failure == nil ? 1 : 0)
  }

  private mutating func addDurations(of name: String, _ requests: ServiceMetrics.Requests) {
    var sum = 0
    for (bound, count) in zip(ServiceMetrics.bounds.map { "\($0)" } + ["+Inf"], requests.durations) {
      sum += count
      line("daybook_request_duration_seconds_bucket", [("endpoint", name), ("le", bound)], "\(sum)")
    }
    line("daybook_request_duration_seconds_sum", [("endpoint", name)], "\(requests.seconds)")
    line("daybook_request_duration_seconds_count", [("endpoint", name)], "\(sum)")
  }

  private mutating func gauge(_ name: String, _ help: String, _ value: Int) {
    add(name, "gauge", help)
    line(name, [], "\(value)")
  }

  private mutating func counter(_ name: String, _ help: String, _ value: Int) {
    add(name, "counter", help)
    line(name, [], "\(value)")
  }

  private mutating func add(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  /// Labels are names of endpoints and collections, in which nothing has to be escaped.
  private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
    let labels = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
    text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
  }
}
