import Sodium
import Storage
import Synchronization

/// The key ring of an open store, for all its threads.
///
/// ```
/// absent ──import, or a new ring──▶ open
/// locked ──the passphrase, once a secret needs it──▶ open
///        └─another one, or none──▶ unusable
/// ```
///
/// The stores that share the file, clones on one machine, write to it as well: before each use it is looked at, and
/// read again when it is another one than before.
///
/// A ring that cannot be used is told to whoever needs it, and to nobody else: the store opens, and everything that needs
/// no secret works.
final class SharedKeyRing: Sendable {
  private enum State {
    case absent
    case open(KeyRing, PassphraseKey?)
    case locked(WrappedKeyRing)
    case unusable(StoreError)
  }

  private struct Held {
    var state: State
    /// The file as it was when it was read; nil when it is to be read again.
    var version: FileStatus?
  }

  let file: KeyRingFile
  private let passphrases: PassphraseSource
  private let held: Mutex<Held>

  init(_ file: KeyRingFile, passphrases: PassphraseSource) {
    self.file = file
    self.passphrases = passphrases
    let version = file.version
    held = Mutex(Held(state: Self.found(in: file), version: version))
  }

  private static func found(in file: KeyRingFile) -> State {
    do {
      switch try file.read() {
      case .plain(let ring): return .open(ring, nil)
      case .wrapped(let wrapped): return .locked(wrapped)
      case nil: return .absent
      }
    } catch {
      return .unusable(error)
    }
  }

  /// The ring; nil when this machine has none. May ask for its passphrase, and then takes about a second.
  func ring() throws(StoreError) -> KeyRing? {
    try held.withLock { held throws(StoreError) in
      refresh(&held)
      return try unlocked(&held.state)?.ring
    }
  }

  /// A ring that is open stays so when the file holds nothing good, or nothing without asking: its keys still open.
  private func refresh(_ held: inout Held) {
    guard let version = file.version, version != held.version else { return }
    held.version = version
    switch (held.state, Self.found(in: file)) {
    case (_, .open(let ring, let key)): held.state = .open(ring, key)
    case (.open(_, let key?), .locked(let wrapped)):
      if let ring = key.open(wrapped) { held.state = .open(ring, key) }
    case (.open, _): break
    case (_, let found): held.state = found
    }
  }

  /// The ring, if nobody has to be asked for its passphrase.
  var openRing: KeyRing? {
    held.withLock { held in
      if case .open(let ring, _) = held.state { ring } else { nil }
    }
  }

  /// What keeps secrets from being opened, as far as it is known without asking for a passphrase.
  var problem: StoreError? {
    held.withLock { held in
      switch held.state {
      case .unusable(let error): error
      case .absent: file.isMissing
      case .open, .locked: nil
      }
    }
  }

  /// Whether a passphrase keeps it.
  var isWrapped: Bool {
    held.withLock { held in
      switch held.state {
      case .locked, .open(_, .some): true
      default: false
      }
    }
  }

  private func unlocked(_ state: inout State) throws(StoreError) -> (ring: KeyRing, key: PassphraseKey?)? {
    switch state {
    case .absent: return nil
    case .open(let ring, let key): return (ring, key)
    case .unusable(let error): throw error
    case .locked(let wrapped):
      do {
        let (ring, key) = try unwrap(wrapped)
        state = .open(ring, key)
        return (ring, key)
      } catch {
        state = .unusable(error)
        throw error
      }
    }
  }

  private func unwrap(_ wrapped: WrappedKeyRing) throws(StoreError) -> (KeyRing, PassphraseKey) {
    guard var passphrase = try passphrases.passphrase() else {
      throw StoreError(
        .keyMissing, "The key ring in \(file.location) is wrapped, and its passphrase was not given.",
        hint: "Give it in \(PassphraseSource.textVariable) or in the file that \(PassphraseSource.fileVariable) names.")
    }
    defer { wipe(&passphrase) }
    return try wrapped.opened(with: passphrase, "the key ring in \(file.location)")
  }

  // MARK: Changes

  /// Changes the ring: first in its file, durably, and then for the threads of the store. The file's ring counts, not the
  /// one in memory.
  ///
  /// - Parameter change: Gets the ring, nil where there is none, and must leave one.
  @discardableResult
  func update(_ change: (inout KeyRing?) throws(StoreError) -> Void) throws(StoreError) -> KeyRing {
    try held.withLock { held throws(StoreError) in
      let known = try unlocked(&held.state)?.key
      try write(&held) { content throws(StoreError) in
        var (ring, key) = try opened(content, with: known)
        try change(&ring)
        guard let ring else { throw file.isMissing }
        return (ring, key)
      }
      guard case .open(let ring, _) = held.state else { throw file.isMissing }
      return ring
    }
  }

  /// Lets a passphrase keep the ring, or none.
  func wrap(with passphrase: [UInt8]?, cost: PasswordHash.Cost) throws(StoreError) {
    try held.withLock { held throws(StoreError) in
      let known = try unlocked(&held.state)?.key
      try write(&held) { content throws(StoreError) in
        guard let ring = try opened(content, with: known).ring else { throw file.isMissing }
        guard let passphrase else { return (ring, nil) }
        return (ring, try PassphraseKey.made(from: passphrase, storeID: ring.storeID, cost: cost))
      }
    }
  }

  private func write(
    _ held: inout Held,
    _ change: (KeyRingFile.Content?) throws(StoreError) -> (ring: KeyRing, key: PassphraseKey?)
  ) throws(StoreError) {
    let state = try file.update { content throws(StoreError) in
      let (ring, key) = try change(content)
      return (try Self.content(ring, key), State.open(ring, key))
    }
    held = Held(state: state)
  }

  private static func content(_ ring: KeyRing, _ key: PassphraseKey?) throws(StoreError) -> KeyRingFile.Content {
    guard let key else { return .plain(ring) }
    do {
      return .wrapped(try key.wrap(ring))
    } catch {
      throw StoreError(.unavailable, "The key ring could not be wrapped.", cause: error)
    }
  }

  private func opened(
    _ content: KeyRingFile.Content?, with key: PassphraseKey?
  ) throws(StoreError) -> (ring: KeyRing?, key: PassphraseKey?) {
    switch content {
    case nil: return (nil, nil)
    case .plain(let ring): return (ring, nil)
    case .wrapped(let wrapped):
      if let ring = key?.open(wrapped) { return (ring, key) }
      throw StoreError(
        .conflict, "The key ring in \(file.location) was wrapped with another passphrase meanwhile.",
        hint: "Open the store again, with that one.")
    }
  }
}

extension KeyRingFile {
  /// For whoever needs the ring where there is none.
  var isMissing: StoreError {
    StoreError(
      .keyMissing, "This machine has no key ring for the store; it belongs in \(location).",
      hint: """
        Run `daybook keys export` on a machine that has it, and `daybook keys import` here. Where there is none left, \
        `daybook keys rotate --new-ring` begins anew.
        """)
  }
}

extension WrappedKeyRing {
  /// - Parameter name: what to call it in an error.
  func opened(with passphrase: [UInt8], _ name: String) throws(StoreError) -> (KeyRing, PassphraseKey) {
    let key: PassphraseKey
    do {
      key = try PassphraseKey(passphrase, head)
    } catch {
      throw StoreError(.unavailable, "The passphrase could not be used.", cause: error)
    }
    guard let ring = key.open(self) else {
      throw StoreError(
        .keyMissing, "The passphrase does not open \(name): it is another one, or the text is damaged.",
        hint: "Try again, letter by letter.")
    }
    return (ring, key)
  }
}

extension PassphraseKey {
  /// A key for a ring that is to be wrapped; refuses a passphrase that is too short to keep anything.
  static func made(
    from passphrase: [UInt8], storeID: String, cost: PasswordHash.Cost
  ) throws(StoreError) -> PassphraseKey {
    guard passphrase.count >= Limits.shortestPassphraseBytes else {
      throw StoreError(
        .refused, "A passphrase needs at least \(Limits.shortestPassphraseBytes) bytes.",
        hint: "Whoever has the text may guess as often as they like: five words of a dice list are good.")
    }
    do {
      return try PassphraseKey(passphrase, storeID: storeID, cost: cost)
    } catch {
      throw StoreError(.unavailable, "The passphrase could not be used.", cause: error)
    }
  }
}
