import Daybook

extension Negotiations {
  /// Passes the pieces of an assistant's text on as they come, and keeps the whole when they end: also when they break off,
  /// or nobody takes them any more. Then as much is kept as came, up to `Limits.assistBytes`.
  ///
  /// - Parameters:
  ///   - deferred: takes the write over when it cannot be made now, so that the text's reader notices nothing.
  ///   - pass: hands a piece on; when that fails the others are read all the same, and passed to nobody.
  /// - Throws: `.notFound` before the first piece is read; what broke the pieces off; what refuses the write for good.
  @discardableResult
  package func assist<Pieces: AsyncSequence>(
    _ id: String, with pieces: Pieces, for caller: Caller, deferring deferred: DeferredWrites,
    pass: (String) async throws -> Void = { _ in }
  ) async throws -> DeferredWrites.Outcome where Pieces.Element == String {
    _ = try documents.document(id, of: caller)
    var text = AssistText()
    var failure: (any Error)?
    var isTaken = true
    do {
      for try await piece in pieces {
        text.append(piece)
        guard isTaken else { continue }
        do { try await pass(piece) } catch { isTaken = false }
      }
    } catch {
      failure = error
    }
    if let failure, text.bytes == 0 { throw failure }
    let outcome = try await deferred.write(bytes: text.bytes, for: caller) { [whole = text.whole] in
      DeferredResult(try await setAssistOutput(id, to: whole, for: caller))
    }
    if let failure { throw failure }
    return outcome
  }
}

/// A text that comes in pieces, kept up to a limit. What comes behind a piece that no longer fits is left out as well, so
/// that what is kept is a beginning.
private struct AssistText {
  private(set) var whole = ""
  private var isFull = false

  var bytes: Int { whole.utf8.count }

  mutating func append(_ piece: String) {
    isFull = isFull || bytes + piece.utf8.count > Limits.assistBytes
    if !isFull { whole += piece }
  }
}
