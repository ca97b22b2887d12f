/// Every bound of the runtime, by name.
enum Limits {
  /// For how many users, sessions and agents effective settings are kept.
  static let cachedSettings = 1_000

  /// How long one call of a profile's trial may take, in seconds, whatever the profile allows itself.
  static let callSeconds: Double = 60
  /// How many bytes of an answer are read.
  static let answerBytes = 4 << 20
  /// How many characters of an answer are told.
  static let excerptCharacters = 160
}
