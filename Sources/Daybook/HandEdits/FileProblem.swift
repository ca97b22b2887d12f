/// A file with an edit that cannot be taken in. It is left as it is until somebody mends it.
public struct FileProblem: Sendable {
  /// Below the store's folder.
  public let path: String
  /// What is wrong, with line, column, member and rule.
  public let error: StoreError
}
