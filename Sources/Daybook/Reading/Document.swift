public import Documents

/// A document as a snapshot holds it.
public struct Document: Sendable {
  public let address: DocumentAddress
  public let revision: Revision
  /// The sequence of the commit that last changed it or one of its series.
  public let sequence: UInt64
  /// Its text, secrets sealed.
  public let text: JSONText

  /// The document's content, for looking into: `document.root["model"]?.string`.
  public var root: JSONNode { text.root }

  /// Reads it as a Swift value.
  ///
  /// - Throws: `.invalid`, with the member that does not fit.
  public func decode<Value: Decodable>(as type: Value.Type = Value.self) throws(StoreError) -> Value {
    do {
      return try root.decode(as: type)
    } catch {
      throw StoreError(.invalid, "'\(address)' cannot be read as \(type).", document: "\(address)", cause: error)
    }
  }
}
