import Foundation
import Testing

/// A hundred thousand documents of three kinds, and what the stock client and the check then take. Prints the figures;
/// `make realworld` runs it.
@Suite(.serialized, .enabled(if: isWanted, "make realworld runs it"))
struct ManyDocumentsTests {
  private static let counts = ["tasks": 50_000, "parts": 30_000, "events": 20_000]
  private static let part = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "x-daybook": { "collection": "parts", "partition": "hash", "indexes": { "number": ["/number"] } },
      "type": "object"
    }
    """
  private static let generator = """
    import json, random, sys
    random.seed(7)
    collection, count = sys.argv[1], int(sys.argv[2])
    for number in range(count):
        text = "x" * random.randrange(600)
        if collection == "tasks":
            line = {"task_type": "import", "status": "completed",
                    "created_at": "2026-11-21T06:40:00Z", "updated_at": "2026-11-21T06:40:00Z", "message": text}
        elif collection == "parts":
            line = {"id": f"part-{number}", "number": number, "text": text}
        else:
            line = {"name": f"event {number}"}
        print(json.dumps(line))
    """

  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    try session.write(Self.part, to: "schemas/part.schema.json")
    try session.write(Self.generator, to: "../generate.py")
    for (collection, count) in Self.counts {
      _ = try session.succeed("python3 ../generate.py \(collection) \(count) > ../\(collection).jsonl")
    }
  }

  @Test func aHundredThousandDocumentsGoInAndGitHoldsThem() throws {
    for (collection, count) in Self.counts.sorted(by: { $0.key < $1.key }) {
      let id = collection == "parts" ? "--id-from /id" : ""
      let outcome = try session.run("daybook import ../\(collection).jsonl --into \(collection) \(id)")
      #expect(outcome.errors.contains("\(count) documents imported, 0 failed"), "\(outcome.errors)")
      print("\(collection): \(outcome.errors.split(separator: "\n").last ?? "")")
    }
    let part = try session.succeed("git ls-files parts | tail -1").trimmingCharacters(in: .newlines)
    #expect(try timed("git status --porcelain") == "")
    #expect(try timed("git fsck --strict --no-dangling --no-progress 2>&1") == "")
    #expect(try timed("git log --oneline | wc -l") != "0\n")
    #expect(try timed("git log --oneline -- \(part) | wc -l") == "1\n")
    #expect(try timed("git blame \(part)").contains("number"))
    #expect(try timed("git ls-files tasks parts events | wc -l") == "100000\n")
    _ = try timed("daybook check")
    #expect(try timed("daybook list parts --where /number=12345").contains("part-12345"))
  }

  private func timed(_ line: String) throws -> String {
    let start = ContinuousClock.now
    let output = try session.succeed(line)
    print("\(line): \(String(format: "%.2f", (ContinuousClock.now - start) / .seconds(1))) s")
    return output
  }
}

private let isWanted = ProcessInfo.processInfo.environment["DAYBOOK_REALWORLD"] != nil
