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
        It belongs in \(location): copy it there from a machine that has it, or from your backup, or give it in \
        \(KeyRing.Location.fileVariable) or \(KeyRing.Location.textVariable).
        """)
  }

  func cannotBeSealed(_ reason: SealingError, _ location: KeyRing.Location) -> StoreError {
    guard case .noActiveKey = reason else {
      return error(.unavailable, "could not be sealed", hint: nil, cause: reason)
    }
    return error(
      .keyMissing, "cannot be sealed: the key ring in \(location) has no active key",
      hint: "Use a ring that has one; keys in the state \(DataKey.State.openOnly.rawValue) only open.")
  }

  /// - Parameter code: what it is called when the sealed value itself is to blame.
  func cannotBeOpened(
    _ reason: SealingError, _ location: KeyRing.Location, whenHarmed code: StoreError.Code
  ) -> StoreError {
    switch reason {
    case .unknownKey(let id):
      error(
        .keyMissing, "was sealed with the key \(id), which the key ring in \(location) does not have",
        hint: "Use a ring that has this key, from the machine that sealed the value.")
    case .retiredKey(let id):
      error(
        .keyMissing, "was sealed with the key \(id), which is retired",
        hint: "To read it nevertheless, set the key's state to \(DataKey.State.openOnly.rawValue) in \(location).")
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
