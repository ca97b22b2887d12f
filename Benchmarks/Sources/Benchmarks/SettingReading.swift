import Daybook
import DaybookRuntime
import Foundation
import Measuring

/// What reading one setting of a user costs, in a store with the settings that Daybook ships.
struct SettingReading {
  private let path: String
  private let options: StoreOptions

  private static let name = "search.max_results"
  private static let context = SettingsContext(user: "ann", agent: "deep_research")

  init(folder: URL) throws {
    path = folder.appending(path: "settings").path
    options = StoreOptions(
      environment: ["HOME": folder.path, "XDG_CONFIG_HOME": folder.appending(path: "config").path], owner: "a benchmark"
    )
    let (path, options) = (path, options)
    _ = try blocking { try await Store.create(at: path, options: options) }
  }

  /// One read while nothing is written.
  func microseconds(count: Int) throws -> Double {
    try withStore { store in
      let settings = Settings(store)
      try await store.transaction { try $0.put("settings/users/ann", ["search": ["max_results": 20]]) }
      var sum = 0
      let seconds = try Rounds.seconds {
        for _ in 0..<count { sum += try settings.value(Self.name, for: Self.context).integer ?? 0 }
      }
      precondition(sum == 20 * count, "the user's value holds")
      return seconds / Double(count) * 1e6
    }
  }

  /// One read, each behind a commit that changes no setting.
  func microsecondsAfterCommits(count: Int) throws -> Double {
    try withStore { store in
      let settings = Settings(store)
      _ = try settings.value(Self.name, for: Self.context)
      var seconds = 0.0
      for round in 0..<count {
        try await store.transaction(durability: .memory) {
          try $0.patch("profiles/llm/gpt-4o", merging: ["max_tokens": .number(JSONNumber(round + 1))])
        }
        seconds += try Rounds.seconds { _ = try settings.value(Self.name, for: Self.context) }
      }
      return seconds / Double(count) * 1e6
    }
  }

  private func withStore<Result: Sendable>(_ body: @escaping @Sendable (Store) async throws -> Result) throws -> Result
  {
    let (path, options) = (path, options)
    return try blocking {
      let store = try await Store.open(at: path, options: options)
      let result = try await body(store)
      try await store.close()
      return result
    }
  }
}
