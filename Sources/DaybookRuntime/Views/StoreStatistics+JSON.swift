package import Daybook
package import Documents

extension StoreStatistics {
  /// The statistics as the command prints them with `--json`, and the service answers them.
  package var json: JSONObject {
    func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    return [
      "sequence": .number(JSONNumber(sequence)), "commits": number(commits),
      "first_commit": firstCommit.map { .string($0) } ?? .null,
      "newest_commit": newestCommit.map { .string($0) } ?? .null,
      "days": .array(days.map { ["date": .string($0.date), "commits": number($0.commits)] }),
      "documents": number(documents), "bytes": number(bytes),
      "collections": .array(
        collections.map { collection in
          [
            "collection": .string(collection.name), "documents": number(collection.documents),
            "bytes": number(collection.bytes), "versions": number(collection.versions),
            "pack_bytes": number(collection.packedBytes),
          ]
        }),
      "largest": .array(largest.map { ["document": .string($0.address), "bytes": number($0.bytes)] }),
      "packs": number(packs), "pack_bytes": number(packBytes),
      "pack_index_bytes": number(packIndexBytes),
      "packed_objects": number(packedObjects), "commit_pack_bytes": number(commitBytes),
      "other_pack_bytes": number(otherBytes), "log_bytes": number(logBytes),
      "unarchived_commits": number(unarchivedCommits), "index_entries": number(indexEntries),
      "index_bytes": number(indexBytes),
    ]
  }
}
