import NIOCore
import Testing

@testable import DaybookServer

/// The deadlines of a connection, without one.
struct ExchangeTests {
  private let patience = Patience()
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

  private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

  @Test func aConnectionWithoutARequestIsClosedAfterAWhile() {
    var exchange = Exchange(patience, at: start)
    #expect(exchange.deadline == at(60))
    #expect(exchange.verdict() == .close)
  }

  @Test func aRequestThatHasComeHasNoDeadlineUntilItIsAnswered() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(1))
    exchange.requestEnds()
    #expect(exchange.deadline == nil)
    exchange.answerBegins()
    #expect(exchange.deadline == nil)
    exchange.answerEnds(at: at(100))
    #expect(exchange.deadline == at(160) && exchange.isHeard)
  }

  @Test func aBodyMayPauseAndMustComeAtALeastRate() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(0))
    #expect(exchange.deadline == at(30))
    exchange.bodyComes(8 << 10, at: at(5))
    #expect(exchange.deadline == at(31))
    exchange.bodyComes(8 << 20, at: at(6))
    #expect(exchange.deadline == at(36))
    #expect(exchange.verdict() == .fail)
    #expect(!exchange.isHeard && exchange.deadline == nil)
    exchange.answerBegins()
    exchange.answerEnds(at: at(40))
    #expect(exchange.deadline == at(42))
    #expect(exchange.verdict() == .close)
  }

  @Test func aStreamMayTakeLong() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(0))
    exchange.expect(patience.stream)
    exchange.bodyComes(10, at: at(100))
    #expect(exchange.deadline == at(220))
    exchange.bodyComes(10, at: at(3_590))
    #expect(exchange.deadline == at(3_600))
  }

  @Test func whoIsAnsweredBeforeTheEndOfItsRequestIsNotHeardAnyMore() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(0))
    exchange.answerBegins()
    #expect(exchange.isCutShort)
    exchange.answerEnds(at: at(1))
    #expect(!exchange.isHeard && exchange.deadline == at(3))
  }

  @Test func anAnswerInProgressIsNotRepliedToAgain() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(0))
    exchange.answerBegins()
    #expect(exchange.verdict() == .close)
  }

  @Test func theNextRequestWaitsForItsTurnWithoutADeadline() {
    var exchange = Exchange(patience, at: start)
    exchange.requestBegins(at: at(0))
    exchange.requestEnds()
    exchange.requestBegins(at: at(1))
    #expect(exchange.deadline == nil && !exchange.isCutShort)
    exchange.answerBegins()
    exchange.answerEnds(at: at(50))
    #expect(exchange.isHeard && exchange.isCutShort && exchange.deadline == at(80))
  }

  @Test func anAnswerToWhatWasNoRequestEndsTheConnection() {
    var exchange = Exchange(patience, at: start)
    exchange.answerBegins()
    exchange.answerEnds(at: at(1))
    #expect(!exchange.isHeard && exchange.deadline == at(3))
  }
}
