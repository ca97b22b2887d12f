import Documents

/// The secret that an error is about. Errors name the document and the member and tell what to do; the value, its length,
/// its nonce and its box are never in them.
struct SecretSubject {
  let path: FieldPath
  let address: DocumentAddress

  var isNoText: StoreError {
    error(.invalid, "is not a string, and only strings are sealed", hint: "Write a string, or null for none.")
  }

  var hasNoStablePlace: StoreError {
    error(
      .refused, "is in an array whose elements cannot be told apart",
      hint: "Give every element an \"id\" of its own, a string: a sealed value is bound to it, since positions shift.")
  }

  var hasNothingToKeep: StoreError {
    error(
      .invalid, "is the mask \(Envelope.mask), but there is no stored value that it could stand for",
      hint: "Write the value itself: it is sealed before it is stored.")
  }

  /// A sealed value has come to where it would neither be sealed nor opened.
  var isNoSecret: StoreError {
    error(
      .invalid, "would come to a member that the kind does not call secret",
      hint: "Mark it with \"x-secret\" in the schema.")
  }

  func isNoEnvelope(_ reason: EnvelopeError) -> StoreError {
    switch reason {
    case .newerFormat:
      error(.newerFormat, "was sealed by a newer version of Daybook", hint: "Update Daybook.")
    case .malformed:
      error(
        .invalid, "begins with \"\(Envelope.prefix)\" but is no sealed value",
        hint: "Write the value itself, which cannot begin so, or keep the sealed value whole.")
    }
  }

  func hasNoRing(_ location: KeyRing.Location) -> StoreError {
    error(
      .keyMissing, "needs the store's key ring, and this machine has none",
      hint: """
        Run `daybook keys export` on a machine that has it, and `daybook keys import` here; or bring it back to \
        \(location) from your backup; or name it in \(KeyRing.Location.fileVariable) or \(KeyRing.Location.textVariable).
        """)
  }

  /// There is a ring, and something is wrong with it.
  func cannotUseRing(_ reason: StoreError) -> StoreError {
    var reason = reason
    reason.message = "The secret \(path) of \(address) needs the key ring. \(reason.message)"
    reason.document = "\(address)"
    return reason
  }

  func cannotBeSealed(_ reason: SealingError, _ location: KeyRing.Location) -> StoreError {
    guard case .noActiveKey = reason else {
      return error(.unavailable, "could not be sealed", hint: nil, cause: reason)
    }
    return error(
      .keyMissing, "cannot be sealed: the key ring in \(location) has no active key",
      hint: "`daybook keys rotate` makes one.")
  }

  /// - Parameter code: what it is called when the sealed value itself is to blame.
  func cannotBeOpened(
    _ reason: SealingError, _ location: KeyRing.Location, whenHarmed code: StoreError.Code
  ) -> StoreError {
    switch reason {
    case .unknownKey(let id):
      error(
        .keyMissing, "was sealed with the key \(id), which the key ring in \(location) does not have",
        hint: "On the machine that sealed the value run `daybook keys export`, and here `daybook keys import`.")
    case .doesNotOpen:
      error(
        code, "does not open: it was sealed for another place, or it is damaged",
        hint: "A sealed value cannot be moved or copied. Write the value itself: it is sealed before it is stored.")
    case .noActiveKey, .sodium:
      error(.unavailable, "could not be opened", hint: nil, cause: reason)
    }
  }

  private func error(
    _ code: StoreError.Code, _ problem: String, hint: String?, cause: (any Error)? = nil
  ) -> StoreError {
    StoreError(
      code, "The secret \(path) of \(address) \(problem).", hint: hint, document: "\(address)", cause: cause)
  }
}
