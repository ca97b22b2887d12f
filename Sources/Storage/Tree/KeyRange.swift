/// Which keys a scan visits. Keys order like their bytes; a key comes before those that it is a prefix of.
package struct KeyRange: Hashable, Sendable {
  /// Where a range begins or ends.
  package enum Bound: Hashable, Sendable {
    case unbounded
    case including([UInt8])
    case excluding([UInt8])
  }

  package var lower: Bound
  package var upper: Bound

  package init(from lower: Bound = .unbounded, to upper: Bound = .unbounded) {
    self.lower = lower
    self.upper = upper
  }

  /// Every key.
  package static let all = KeyRange()

  /// The keys that begin with these bytes.
  package static func prefix(_ prefix: [UInt8]) -> KeyRange {
    KeyRange(from: .including(prefix), to: end(ofPrefix: prefix))
  }

  package func contains(_ key: [UInt8]) -> Bool { isAboveLower(key.span) && isBelowUpper(key.span) }

  /// What is left of the range behind a key, in the direction of a scan: how to resume one.
  package func after(_ key: [UInt8], _ direction: ScanDirection) -> KeyRange {
    switch direction {
    case .ascending: isAboveLower(key.span) ? KeyRange(from: .excluding(key), to: upper) : self
    case .descending: isBelowUpper(key.span) ? KeyRange(from: lower, to: .excluding(key)) : self
    }
  }

  /// The least key that is greater than all with this prefix has its last byte raised by one; none is when all are 0xFF.
  private static func end(ofPrefix prefix: [UInt8]) -> Bound {
    guard let last = prefix.lastIndex(where: { $0 < 0xFF }) else { return .unbounded }
    return .excluding(Array(prefix[..<last]) + [prefix[last] + 1])
  }

  func isBelowUpper(_ key: Span<UInt8>) -> Bool {
    switch upper {
    case .unbounded: true
    case .including(let bound): key.compared(to: bound.span) <= 0
    case .excluding(let bound): key.compared(to: bound.span) < 0
    }
  }

  func isAboveLower(_ key: Span<UInt8>) -> Bool {
    switch lower {
    case .unbounded: true
    case .including(let bound): key.compared(to: bound.span) >= 0
    case .excluding(let bound): key.compared(to: bound.span) > 0
    }
  }
}

/// Which way a scan goes.
package enum ScanDirection: Sendable {
  case ascending, descending
}
