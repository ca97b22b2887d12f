import Daybook

/// Effective settings that were joined before, and what they were joined from.
///
/// What was joined at the store's newest sequence holds without a look at anything. At another sequence the revisions of
/// its documents decide, so that a commit of something else costs a comparison and no joining.
struct SettingsCache {
  /// What decides about effective settings.
  struct Sources: Equatable {
    /// The revisions of the documents of definitions.
    var definitions: [DocumentID: Revision]
    /// The revisions of the documents of values; nil where there is none.
    var layers: [Revision?]
  }

  private struct Entry {
    var sequence: UInt64
    var sources: Sources
    var settings: EffectiveSettings
  }

  private var entries: [SettingsContext: Entry] = [:]
  private var definitions: (revisions: [DocumentID: Revision], value: SettingDefinitions)?

  /// What holds at a sequence, if it was asked for at that one before.
  func settings(for context: SettingsContext, at sequence: UInt64) -> EffectiveSettings? {
    guard let entry = entries[context], entry.sequence == sequence else { return nil }
    return entry.settings
  }

  /// What was joined from just these sources; from now on it holds at this sequence too.
  mutating func settings(
    for context: SettingsContext, from sources: Sources, at sequence: UInt64
  ) -> EffectiveSettings? {
    guard let entry = entries[context], entry.sources == sources else { return nil }
    entries[context]?.sequence = max(entry.sequence, sequence)
    return entry.settings
  }

  func definitions(_ revisions: [DocumentID: Revision]) -> SettingDefinitions? {
    definitions?.revisions == revisions ? definitions?.value : nil
  }

  mutating func insert(_ settings: EffectiveSettings, from sources: Sources, at sequence: UInt64) {
    // Contexts come and go with sessions. Starting afresh is rare, and costs each one joining.
    if entries.count >= Limits.cachedSettings, entries[settings.context] == nil { entries.removeAll() }
    definitions = (sources.definitions, settings.definitions)
    guard (entries[settings.context]?.sequence ?? 0) <= sequence else { return }
    entries[settings.context] = Entry(sequence: sequence, sources: sources, settings: settings)
  }
}
