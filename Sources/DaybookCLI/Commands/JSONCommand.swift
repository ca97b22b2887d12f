import ArgumentParser
import Daybook
import Documents

/// Needs no store: what Daybook thinks of a JSON text, a schema, a patch.
struct JSONCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "json",
    abstract: "Check, validate and patch JSON files outside of any store.",
    subcommands: [JSONCheckCommand.self, JSONValidateCommand.self, JSONPatchCommand.self])
}

struct JSONCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "See whether a text is JSON as Daybook takes it.",
    discussion: """
      Strict JSON in UTF-8, without duplicate keys, at most 64 deep. The exit status is 6 if it is not.

        daybook json check settings.json
      """)

  @Argument(help: "A file, or - for standard input.", completion: .file())
  var file: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    _ = try Input.text(file)
  }
}

struct JSONPatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch",
    abstract: "Apply a patch to a file and print the result.",
    discussion: """
      An array is a JSON Patch (RFC 6902), everything else a merge patch (RFC 7396). What does not change keeps its form.

        daybook json patch patch.json settings.json
      """)

  @Argument(help: "A file with the patch.", completion: .file())
  var patch: String

  @Argument(help: "A file to patch, or - for standard input.", completion: .file())
  var file: String

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let patchText = try Input.text(patch)
    let text = try Input.text(file)
    try Output.write(try patched(text, by: patchText).bytes)
  }

  private func patched(_ text: JSONText, by patchText: JSONText) throws(StoreError) -> JSONText {
    guard patchText.root.kind == .array else { return JSONMergePatch(patchText.root.value).applied(to: text) }
    let operations = try Input.patch(patchText, from: Input.title(patch))
    do {
      return try operations.applied(to: text)
    } catch {
      throw StoreError(.invalid, "The patch does not apply to \(Input.title(file)): \(error)", document: file)
    }
  }
}
