/// Words that texts are searched for, in any case.
///
/// A text is gone through once for all words, as it stands in its document: case is folded while it is compared, and
/// nothing of it is copied, however long it is. A word that is found in part never makes it go back (Knuth, Morris and
/// Pratt), so it takes as many steps as the text has bytes, for each word.
package struct WordSearch: Sendable {
  private let words: [Word]

  /// - Parameter words: none of which is empty.
  package init(_ words: [String]) {
    self.words = words.map { Word($0.lowercased().utf8) }
  }

  /// Whether each word stands in one of the texts, which are strings.
  package func finds(in texts: [JSONNode]) -> Bool {
    var run = Run(words)
    for text in texts where !run.isOver { run.read(text) }
    return run.isOver
  }

  private struct Word {
    let bytes: [UInt8]
    /// For each number of bytes that were found, but the next was another: how many of them may begin the word again.
    let returns: [Int]

    init(_ text: String.UTF8View) {
      bytes = Array(text)
      precondition(!bytes.isEmpty, "A word has a letter.")
      var returns = [0]
      var place = 0
      for byte in bytes.dropFirst() {
        while place > 0, bytes[place] != byte { place = returns[place - 1] }
        if bytes[place] == byte { place += 1 }
        returns.append(place)
      }
      self.returns = returns
    }

    /// How many bytes are found with the next one.
    func place(after place: Int, _ byte: UInt8) -> Int {
      var place = place
      while place > 0, bytes[place] != byte { place = returns[place - 1] }
      return bytes[place] == byte ? place + 1 : 0
    }
  }

  /// The way through some texts.
  private struct Run {
    /// The words that are still to be found, each with how much of it stands before the place that is looked at.
    private var open: [(word: Word, place: Int)]

    init(_ words: [Word]) { open = words.map { ($0, 0) } }

    var isOver: Bool { open.isEmpty }

    mutating func read(_ text: JSONNode) {
      guard text.kind == .string else { return }
      for index in open.indices { open[index].place = 0 }
      let inside = text.range.lowerBound + 1..<text.range.upperBound - 1
      let content = text.storage.bytes
      let bytes = content.span
      var next = inside.lowerBound
      while next < inside.upperBound, !isOver {
        let byte = bytes[next]
        if byte < 0x80, byte != UInt8(ascii: "\\") {
          take(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
          next += 1
        } else {
          let (scalar, end) = byte < 0x80 ? bytes.escapedScalar(at: next) : bytes.scalar(at: next)
          for byte in scalar.properties.lowercaseMapping.utf8 { take(byte) }
          next = end
        }
      }
    }

    private mutating func take(_ byte: UInt8) {
      var hasFound = false
      for index in open.indices {
        let place = open[index].word.place(after: open[index].place, byte)
        open[index].place = place
        if place == open[index].word.bytes.count { hasFound = true }
      }
      if hasFound { open.removeAll { $0.place == $0.word.bytes.count } }
    }
  }
}
