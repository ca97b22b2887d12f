import Foundation
import Testing

/// Each file in `Transcripts/` is run again, command by command, and must come out as it stands. With
/// `UPDATE_TRANSCRIPTS=1` the files are written anew instead: read the difference before you commit it.
struct TranscriptTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Transcripts"

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  @Test func thereIsATranscriptForEachCommand() throws {
    let session = try CommandSession()
    let help = try session.succeed("daybook --help")
    let listed = help.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: #/  ([a-z]+)  +[A-Z].*/#).map { "\($0.1).txt" }
    }
    #expect(listed.count >= 18)
    #expect(Set(listed).subtracting(Self.names).isEmpty)
  }

  @Test(arguments: names) func theTranscriptHolds(name: String) throws {
    let path = "\(Self.folder)/\(name)"
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    let session = try CommandSession.withStore()
    var transcript = Transcript()
    for command in Transcript.commands(in: expected) {
      transcript.add(command, try session.run(command), in: session.folder)
    }
    if ProcessInfo.processInfo.environment["UPDATE_TRANSCRIPTS"] == "1" {
      try transcript.text.write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      #expect(transcript.text == expected, "\(name) came out otherwise")
    }
  }
}
