import Daybook
import Documents

/// What a batch comes to on one snapshot: its results, and what it writes. A function of the two and of the time of
/// day, so that it can be decided again when somebody else was quicker.
struct MemoryBatch {
  private(set) var results: [MemoryResult] = []
  /// The last put of each memory, by its address.
  private var puts: [String: Put] = [:]
  /// What was read and lives its time anew: by address, the revision that was read and the new end.
  private var refreshed: [String: (revision: Revision, end: Timestamp)] = [:]
  private var budget: MemoryBudget
  private let isRefreshing: Bool
  private let reader: MemoryReader
  private let moment: Timestamp

  private struct Put {
    var name: MemoryName
    /// Nil deletes it.
    var value: JSONObject?
    var minutes: Double?
  }

  init(
    _ operations: [MemoryOperation], in snapshot: Snapshot, refreshing: Bool, for caller: Caller, at moment: Timestamp,
    within budget: MemoryBudget = MemoryBudget()
  ) throws(StoreError) {
    self.budget = budget
    isRefreshing = refreshing
    reader = MemoryReader(snapshot: snapshot, caller: caller, moment: moment)
    self.moment = moment
    for operation in operations { results.append(try perform(operation)) }
  }

  /// Whether nothing is to be written.
  var isReading: Bool { puts.isEmpty && refreshed.isEmpty }
  /// Whether anything is to be written but that something was read.
  var isPutting: Bool { !puts.isEmpty }

  private mutating func perform(_ operation: MemoryOperation) throws(StoreError) -> MemoryResult {
    switch operation {
    case .get(let name, let refreshing):
      guard let memory = try reader.memory(name) else { return .memory(nil) }
      try budget.answer(memory)
      if refreshing { refresh(memory) }
      return .memory(memory)
    case .put(let name, let value, let minutes):
      try name.namespace.checkHoldsMemories()
      puts[try reader.address(name)] = Put(name: name, value: value, minutes: minutes)
      return .done
    case .search(let search):
      let memories = try reader.search(search, &budget)
      if search.refreshing { for memory in memories { refresh(memory) } }
      return .memories(memories)
    case .namespaces(let list):
      return .namespaces(try reader.namespaces(list, &budget))
    }
  }

  private mutating func refresh(_ memory: Memory) {
    guard isRefreshing, let end = memory.end(refreshedAt: moment) else { return }
    refreshed["\(memory.document.address)"] = (memory.document.revision, end)
  }

  // MARK: Writing

  func write(to transaction: inout Transaction) throws(StoreError) {
    for (address, put) in puts.sorted(by: { $0.key < $1.key }) {
      if let value = put.value {
        try transaction.put(address, try document(put, value))
      } else {
        try transaction.delete(address, if: .none)
      }
    }
    for (address, refresh) in refreshed.sorted(by: { $0.key < $1.key }) where puts[address] == nil {
      try transaction.patch(
        address, merging: ["expires_at": .string(refresh.end.text)], if: .revision(refresh.revision))
    }
  }

  private func document(_ put: Put, _ value: JSONObject) throws(StoreError) -> JSONValue {
    let name = put.name
    let known = try reader.memory(name)?.document.root["created_at"]?.value
    var members: JSONObject = [
      "user": .string(reader.caller.user), "namespace": .array(name.namespace.labels.map { .string($0) }),
      "path": .string(name.namespace.path), "key": .string(name.key), "value": .object(value),
      "created_at": known ?? .string(moment.text), "updated_at": .string(moment.text),
    ]
    if let minutes = put.minutes {
      guard minutes > 0, let number = JSONNumber(minutes) else {
        throw StoreError(.invalid, "A time to live is a number of minutes above 0.")
      }
      members["ttl_minutes"] = .number(number)
      members["expires_at"] = .string(Memory.end(minutes: minutes, from: moment).text)
    }
    return .object(members)
  }
}
