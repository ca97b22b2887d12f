/// What is put into the talk of a client and a server about a fetch, and taken out of it, where a history is cut: libgit2
/// 1.5 has no words for that.
///
/// ```
/// server   <id> HEAD\0<capabilities, "shallow" among them> …
/// client   want <id> <capabilities>, want … │ shallow <id>, …, deepen <n> │ flush, have …, done
/// server                                    │ shallow <id>, …, flush      │ NAK or ACK, and the pack
/// ```
///
/// What stands between the bars libgit2 neither says nor sees. The client tells where its own history is cut: the server
/// then does not take anything from before there for known. It asks with `deepen` for no more than so many commits in a
/// row, and only then is told where the server has cut.
struct ShallowExchange {
  private enum State {
    /// The server has yet to tell what it can do.
    case greeted([UInt8])
    case talking
    /// Asked to cut, the server says where.
    case toldOfBorders([UInt8])
  }

  private let horizon: Horizon
  private let depth: Int?
  private var state = State.greeted([])
  /// What came and libgit2 has not read yet.
  private var waiting: ArraySlice<UInt8> = []
  /// Whether the server can be told, and asked.
  private var isUnderstood = false
  /// Commits whose parents the server keeps back.
  private(set) var borders: Set<ObjectID> = []
  private var linesOfBorders = 0

  /// How many commits a server may cut at.
  private static let mostBorders = 100_000
  private static let longestGreeting = 2 * PacketLine.longest

  /// - Parameters:
  ///   - horizon: Where the client's history is cut.
  ///   - depth: How many commits in a row are to come at most; nil for all.
  init(horizon: Horizon, depth: Int?) {
    (self.horizon, self.depth) = (horizon, depth)
  }

  /// Whether there is anything to be said.
  var isNeeded: Bool { depth != nil || !horizon.isEmpty }

  /// Whether what is asked for can be had of this server.
  var canBeHad: Bool { depth == nil || isUnderstood }

  // MARK: To the server

  /// What libgit2 says, with what it leaves out.
  mutating func completing(_ said: [UInt8]) -> [UInt8] {
    guard isUnderstood, let end = Self.endOfWants(said) else { return said }
    if depth != nil {
      (borders, linesOfBorders) = ([], 0)
      state = .toldOfBorders([])
    }
    return said[..<end] + words + said[end...]
  }

  private var words: [UInt8] {
    var words = horizon.borders.sorted().flatMap { PacketLine.bytes("shallow \($0.hex)") }
    if let depth { words += PacketLine.bytes("deepen \(depth)") }
    return words
  }

  /// Where the flush stands that follows what is wanted; nil where nothing is.
  private static func endOfWants(_ said: [UInt8]) -> Int? {
    guard said.dropFirst(PacketLine.lengthDigits).starts(with: "want ".utf8) else { return nil }
    var rest = said[...]
    while case .whole(let line, let next) = PacketLine.beginning(of: rest) {
      if line == .flush { return rest.startIndex }
      rest = next
    }
    return nil
  }

  // MARK: From the server

  /// Whether what comes is for libgit2 as it stands.
  var isTransparent: Bool {
    if case .talking = state { waiting.isEmpty } else { false }
  }

  mutating func hear(_ bytes: [UInt8]) {
    switch state {
    case .greeted(let before):
      waiting += bytes
      learn(from: before + bytes)
    case .talking: waiting += bytes
    case .toldOfBorders(let before): takeBorders(from: before + bytes)
    }
  }

  /// The next of what is for libgit2.
  mutating func read(upTo count: Int) -> ArraySlice<UInt8> {
    let read = waiting.prefix(count)
    waiting = waiting.dropFirst(count)
    return read
  }

  /// The first line with a NUL in it tells what the server can do.
  private mutating func learn(from greeting: [UInt8]) {
    var rest = greeting[...]
    while case .whole(let line, let next) = PacketLine.beginning(of: rest) {
      if case .text(let text) = line, let end = text.firstIndex(of: 0) {
        isUnderstood = text[end...].dropFirst().split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
          .contains { $0.elementsEqual("shallow".utf8) }
        state = .talking
        return
      }
      rest = next
    }
    state = greeting.count < Self.longestGreeting ? .greeted(greeting) : .talking
  }

  /// Anything but what was asked for, such as an error, is libgit2's again.
  private mutating func takeBorders(from answer: [UInt8]) {
    var rest = answer[...]
    while true {
      switch PacketLine.beginning(of: rest) {
      case .part:
        state = .toldOfBorders(Array(rest))
        return
      case .whole(.flush, let next):
        state = .talking
        waiting += next
        return
      case .whole(.text(let text), let next):
        let words = String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" }
        if words.first == "shallow", words.count == 2, let id = ObjectID(hex: String(words[1])),
          linesOfBorders < Self.mostBorders
        {
          linesOfBorders += 1
          borders.insert(id)
          rest = next
          continue
        }
        fallthrough
      case .other:
        state = .talking
        waiting += rest
        return
      }
    }
  }
}
