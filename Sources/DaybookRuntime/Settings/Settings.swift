public import Daybook
public import Documents
import Synchronization

/// The settings of a store: what holds for whom.
///
/// ```swift
/// let settings = Settings(store)
/// let limit = try settings.value("search.max_results", for: SettingsContext(user: "ann"))
/// ```
///
/// Reading sees each change at once, by whomever it was made, and costs well under a microsecond as long as the store
/// stays as it is.
public final class Settings: Sendable {
  private let store: Store
  private let cache = Mutex(SettingsCache())

  public init(_ store: Store) {
    self.store = store
  }

  /// The value of a setting; null when nothing is set and there is no default.
  ///
  /// - Throws: `.notFound` for an unknown name, with the nearest one.
  public func value(_ name: String, for context: SettingsContext = SettingsContext()) throws(StoreError) -> JSONValue {
    let settings = try effective(for: context)
    if let value = settings[name] { return value }
    return try settings.chain(of: name).value
  }

  /// All settings for one user, session and agent as they are now.
  package func effective(for context: SettingsContext = SettingsContext()) throws(StoreError) -> EffectiveSettings {
    let snapshot = store.snapshot()
    if let known = cache.withLock({ $0.settings(for: context, at: snapshot.sequence) }) { return known }
    let sources = try Self.sources(of: context, in: snapshot)
    if let known = cache.withLock({ $0.settings(for: context, from: sources, at: snapshot.sequence) }) { return known }
    let settings = EffectiveSettings(
      context, try definitions(sources.definitions, in: snapshot), try Self.layers(of: context, in: snapshot))
    cache.withLock { $0.insert(settings, from: sources, at: snapshot.sequence) }
    return settings
  }

  /// All that a state of the store declares.
  package func definitions(in snapshot: Snapshot) throws(StoreError) -> SettingDefinitions {
    try definitions(try snapshot.revisions(of: SettingDefinitions.collection), in: snapshot)
  }

  /// Whether anybody has an account.
  func hasAccounts() throws(StoreError) -> Bool { try store.snapshot().hasAccounts() }

  private func definitions(
    _ revisions: [DocumentID: Revision], in snapshot: Snapshot
  ) throws(StoreError) -> SettingDefinitions {
    if let known = cache.withLock({ $0.definitions(revisions) }) { return known }
    return try SettingDefinitions(reading: snapshot)
  }

  private static func sources(
    of context: SettingsContext, in snapshot: Snapshot
  ) throws(StoreError) -> SettingsCache.Sources {
    var layers: [Revision?] = []
    for source in context.sources { layers.append(try snapshot.revision(source.address)) }
    return SettingsCache.Sources(
      definitions: try snapshot.revisions(of: SettingDefinitions.collection), layers: layers)
  }

  private static func layers(
    of context: SettingsContext, in snapshot: Snapshot
  ) throws(StoreError) -> [SettingsLayer] {
    var layers: [SettingsLayer] = []
    for source in context.sources {
      let address = try snapshot.kinds.address(source.address)
      let root = try snapshot.document(address)?.root
      layers.append(SettingsLayer(source: source, root: root, file: try snapshot.kinds.path(of: address)))
    }
    return layers
  }
}

extension SettingDefinitions {
  /// All that a store declares.
  package init(reading snapshot: Snapshot) throws(StoreError) {
    var documents: [(category: String, root: JSONNode, path: String)] = []
    for document in try snapshot.all(Query(Self.collection)) {
      documents.append(
        (document.address.id.text, document.root, try snapshot.kinds.path(of: document.address)))
    }
    self.init(documents)
  }
}
