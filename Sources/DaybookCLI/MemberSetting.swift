import Daybook
import DaybookRuntime
import Documents

/// `/pointer=value` of the command line.
struct MemberSetting {
  let pointer: JSONPointer
  let value: JSONValue

  init(parsing text: String) throws(StoreError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let pointer = try? Input.pointer(String(parts[0])) else {
      throw StoreError(.usage, "'\(text)' does not set a member.", hint: "Write it as --set /temperature=0.7")
    }
    self.pointer = pointer
    value = JSONValue(argument: String(parts[1]))
  }

  /// Replaces the members that are there and adds those which are not.
  static func patch(
    _ settings: [MemberSetting], for document: Document, _ kinds: Kinds
  ) throws(StoreError) -> JSONPatch {
    let patch = patch(settings, for: document.root)
    // Where the patch does not apply, the store says why.
    guard let outcome = try? patch.applied(to: document.text) else { return patch }
    try checkSecrets(
      settings, in: outcome.root, try kinds.kind(of: document.address.collection.text), "\(document.address)",
      hint: "Give the patch in a file or on standard input.")
    return patch
  }

  static func patch(_ settings: [MemberSetting], for root: JSONNode) -> JSONPatch {
    JSONPatch(
      settings.map { setting in
        root[setting.pointer] == nil
          ? .add(setting.pointer, setting.value) : .replace(setting.pointer, setting.value)
      })
  }

  /// Refuses secrets, given a document as it would become.
  static func checkSecrets(
    _ settings: [MemberSetting], in outcome: JSONNode, _ kind: Kind, _ address: String, hint: String
  ) throws(StoreError) {
    let pointers = kind.secrets.flatMap { $0.pointers(in: outcome) }
    for setting in settings where pointers.contains(where: { setting.touches($0) }) {
      throw StoreError(
        .usage, "\(setting.pointer) is a secret, and others on this machine can see arguments.",
        hint: hint, document: address)
    }
  }

  /// Whether the member is what is set, or above or below it.
  private func touches(_ member: JSONPointer) -> Bool {
    pointer.isPrefix(of: member) || member.isPrefix(of: pointer)
  }
}
