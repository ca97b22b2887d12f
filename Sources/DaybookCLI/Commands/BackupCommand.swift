import ArgumentParser
import Daybook
import Documents

struct BackupCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Write a backup of the store, or verify one.",
    discussion: """
      A backup is one file that holds the store with all of its history, as a Git bundle: `daybook restore` makes the store \
      of it, and `git clone`, unless the history was folded, a working copy where there is no Daybook. It gets its name \
      when it is whole and was read back. Printed is its SHA-256, as sha256sum does. The keys that open secrets are not in \
      it: `daybook keys export` makes a file of those, to be kept elsewhere. Nor are edits of files that could not be taken \
      in.

      --verify needs no store: it proves every byte of the file, and counts its documents; the exit status is 1 when \
      anything in it is wrong.

        daybook backup /mnt/backups/store.bundle
        daybook backup --verify /mnt/backups/store.bundle
      """)

  @Argument(help: "The file, outside of the store.", completion: .file())
  var file: String

  @Flag(help: "Verify the file instead of writing it.")
  var verify = false

  @Flag(help: "Replace a file that is there, once the new one is whole.")
  var force = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if verify, force { throw ValidationError("Give either --verify or --force.") }
  }

  func run() async throws {
    if verify {
      let backup = try await StepBars<BackupProgress.Step>.during(isSilent: global.json) { show in
        try await Store.verifyBackup(at: Console.current.path(file), progress: { show($0.step, $0.done, $0.total) })
      }
      return try tell(backup, "whole")
    }
    let (backup, edited) = try await global.withStore { store in
      let backup = try await StepBars<BackupProgress.Step>.during(isSilent: global.json) { show in
        try await store.backup(
          to: Console.current.path(file), replacing: force, progress: { show($0.step, $0.done, $0.total) })
      }
      return (backup, try store.status().editedFiles)
    }
    try tell(backup, "written and verified")
    for path in edited { global.note("not in it: the edit of \(path), which is in no commit") }
    global.note("the keys are not in it: `daybook keys export` makes a file of them")
  }

  private func tell(_ backup: Backup, _ outcome: String) throws {
    let view = BackupView(backup)
    if global.json {
      try Output.json(view.json)
    } else {
      try Output.line("\(backup.sha256)  \(backup.path)")
    }
    global.note("\(outcome): \(view.summary)")
  }
}
