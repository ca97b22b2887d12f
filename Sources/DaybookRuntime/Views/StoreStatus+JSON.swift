package import Daybook
package import Documents

extension StoreStatus {
  /// The status as the command prints it with `--json`, and the service answers it.
  package var json: JSONObject {
    [
      "store": .string(path), "id": .string(storeID),
      "commit": commit.map { .string("\($0)") } ?? .null, "sequence": .number(JSONNumber(sequence)),
      "documents": Self.counts(documents), "log_bytes": .number(JSONNumber(logBytes)),
      "unarchived_commits": .number(JSONNumber(unarchivedCommits)),
      "packs": .number(JSONNumber(packs)), "pack_bytes": .number(JSONNumber(packBytes)),
      "expired": Self.counts(expiredDocuments), "pack_problems": Self.problems(packProblems),
      "edited_files": .array(editedFiles.map { .string($0) }), "file_problems": Self.problems(fileProblems),
      "schema_problems": .array(schemaProblems.map { .string($0.error.message) }),
      "missing_kinds": .array(missingKinds.map { .string($0) }),
      "misfits": .array(misfits.map { ["document": .string($0.document ?? ""), "message": .string($0.message)] }),
      "misfit_count": .number(JSONNumber(misfitCount)),
      "remotes": .array(remotes.map { .object($0.json) }),
      "open_conflicts": .number(JSONNumber(openConflicts)),
      "leaks": .array(
        leaks.map {
          ["document": .string($0.document), "member": .string($0.member), "commit": .string("\($0.commit)")]
        }),
      "key_problem": keyProblem.map { .string($0.message) } ?? .null,
      "failure": failure.map { .string($0.message) } ?? .null,
    ]
  }

  private static func counts(_ counts: [(collection: String, count: Int)]) -> JSONValue {
    .object(JSONObject(counts.map { (key: $0.collection, value: .number(JSONNumber($0.count))) }))
  }

  private static func problems(_ problems: [FileProblem]) -> JSONValue {
    .array(problems.map { ["file": .string($0.path), "message": .string($0.error.message)] })
  }
}

extension RemoteStatus {
  fileprivate var json: JSONObject {
    [
      "name": .string(name), "ahead": ahead.map { .number(JSONNumber($0)) } ?? .null,
      "behind": behind.map { .number(JSONNumber($0)) } ?? .null, "tried_at": triedAt.map { .string($0.text) } ?? .null,
      "succeeded_at": succeededAt.map { .string($0.text) } ?? .null, "error": error.map { .string($0) } ?? .null,
    ]
  }
}
