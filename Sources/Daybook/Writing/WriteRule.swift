package import Documents

/// What a transaction must keep besides the rules of the kinds, such as who may write what. Asked while the transaction is
/// prepared, on the very state that it is made on, and before anything else of an operation is looked at: whoever may not
/// write a document learns nothing of it by trying.
package struct WriteRule: Sendable {
  /// Whether a document may be changed that is so now; nil: that there is not. Without an address, a file that is none.
  let admits: @Sendable (DocumentAddress?, JSONNode?) throws(StoreError) -> Void
  /// Whether a document may be left so, and what it was before all that; nil: that there is not.
  let admitsResult: @Sendable (DocumentAddress, _ before: JSONNode?, _ after: JSONNode?) throws(StoreError) -> Void

  package init(
    before admits: @escaping @Sendable (DocumentAddress?, JSONNode?) throws(StoreError) -> Void,
    after admitsResult: @escaping @Sendable (DocumentAddress, JSONNode?, JSONNode?) throws(StoreError) -> Void
  ) {
    self.admits = admits
    self.admitsResult = admitsResult
  }
}

extension WriteRule {
  /// What is thrown for a document that is not there: also for one of which nobody is to know.
  package static func missing(_ address: DocumentAddress) -> StoreError { Preparer.missing(address) }
}

/// The rules of a transaction as its operations come by.
struct WriteRules {
  private var rules: [WriteRule] = []
  /// What was there before the first operation.
  private var touched: [DocumentAddress: JSONNode?] = [:]

  /// Before an operation is performed.
  mutating func check(_ operation: Operation, _ draft: Draft) throws(StoreError) {
    if case .keep(let rule) = operation {
      rules.append(rule)
      return
    }
    if case .require = operation { return }
    guard !rules.isEmpty else { return }
    let address = operation.address
    let now = try address.flatMap { address throws(StoreError) in try Self.root(address, draft) }
    for rule in rules { try rule.admits(address, now) }
    if let address, touched[address] == nil { touched.updateValue(now, forKey: address) }
  }

  /// When all operations are performed.
  func checkResult(_ draft: Draft) throws(StoreError) {
    for (address, before) in touched {
      let after = try Self.root(address, draft)
      for rule in rules { try rule.admitsResult(address, before, after) }
    }
  }

  private static func root(_ address: DocumentAddress, _ draft: Draft) throws(StoreError) -> JSONNode? {
    try draft.document(address, draft.kinds.kind(of: address.collection.text))?.text.root
  }
}
