import Foundation
import Testing

/// libgit2 writes Git's references by itself, past the file system that other tests let fail. So here a call of the
/// process's own fails, by a small library that the test builds and puts before the C library (see `failing-calls.c`).
///
/// Which calls is drawn anew each time; `make faults` takes each.
@Suite(.enabled(if: hasCompiler, "needs a C compiler as `cc`"))
struct ReferenceFaultTests {

  private static let step = ProcessInfo.processInfo.environment["DAYBOOK_ALL_FAULTS"] == nil ? 7 : 1
  private static let (disk, full): (Int32, Int32) = (5, 28)

  private let session: CommandSession

  /// A store with one note, as `template`, and the library.
  init() throws {
    session = try CommandSession.withStore()
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one && cp -a . ../template")
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../FailingCalls/failing-calls.c")
    _ = try session.succeed("cc -Wall -Werror -shared -fPIC -o ../failing.so '\(source.path)' -ldl")
  }

  @Test(arguments: [(false, disk), (true, disk), (true, full)])
  func aFailingCallAboutAReferenceMakesNoFalseAcknowledgement(always: Bool, code: Int32) throws {
    let healthy = try put([:])
    #expect(healthy.outcome.status == 0, "\(healthy.outcome.errors)")
    for kind in ["open", "write", "fsync", "close", "rename"] {
      #expect(healthy.calls.contains { $0.hasPrefix(kind) }, "no \(kind)")
    }
    // The last sync is that of the moved branch: what is not synced may come back, so the log must not be shortened.
    let drawn = stride(from: Int.random(in: 0..<Self.step), to: healthy.calls.count, by: Self.step)
    for call in drawn + [try #require(healthy.calls.lastIndex { $0.hasPrefix("fsync") })] {
      let (outcome, calls) = try put([
        "FAIL_CALL": "\(call)", "FAIL_CODE": "\(code)", "FAIL_ALWAYS": always ? "1" : "0",
      ])
      guard calls.count > call else { continue }
      let place = "call \(call), \(calls[call]), always \(always), code \(code)"
      #expect([0, 1].contains(outcome.status), "\(place): \(outcome.errors)")
      let mustBeNoticed = ["write", "fsync", "rename"].contains { calls[call].hasPrefix($0) }
      if mustBeNoticed { #expect(outcome.status == 1, "passed over: \(place)") }
      try check(acknowledged: outcome.status == 0, place)
    }
  }

  /// Puts a document while calls fail; answers what came of it, and the calls about references.
  private func put(_ faults: [String: String]) throws -> (outcome: CommandSession.Outcome, calls: [Substring]) {
    let log = "\(session.folder)/calls"
    let outcome = try session.run(
      """
      rm -rf ../store.now ../calls && cp -a ../template ../store.now && cd ../store.now
      echo '{"title": "two"}' > ../two.json
      LD_PRELOAD=../failing.so daybook put notes/two ../two.json
      """, environment: faults.merging(["FAIL_LOG": log]) { $1 })
    return (outcome, try session.read("../calls").split(separator: "\n"))
  }

  /// The disk is healthy again.
  private func check(acknowledged: Bool, _ place: String) throws {
    let outcome = try session.run(
      """
      cd ../store.now
      daybook check > ../found || { cat ../found >&2; exit 1; }
      \(acknowledged ? "daybook get notes/two > /dev/null || exit 1" : "")
      echo '{"title": "three"}' | daybook put notes/three > /dev/null || exit 1
      git fsck --strict --no-dangling --no-progress >&2 || exit 1
      git status --porcelain
      """)
    #expect(outcome.status == 0 && outcome.output == "", "\(place)\n\(outcome.output)\(outcome.errors)")
  }
}

private let hasCompiler = FileManager.default.isExecutableFile(atPath: "/usr/bin/cc")
