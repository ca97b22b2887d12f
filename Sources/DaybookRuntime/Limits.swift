/// Every bound of the runtime, by name.
enum Limits {
  /// For how many users, sessions and agents effective settings are kept.
  static let cachedSettings = 1_000
}
