import Testing

@testable import Git

/// What is put between libgit2 and a server where a history is cut.
@Suite struct ShallowExchangeTests {
  private let first = ObjectID(hex: String(repeating: "1a", count: 20))!
  private let second = ObjectID(hex: String(repeating: "2b", count: 20))!

  private func line(_ text: String) -> [UInt8] { PacketLine.bytes(text) }
  private let flush = Array("0000".utf8)

  private func greeting(_ capabilities: String) -> [UInt8] {
    line("\(first.hex) HEAD\0\(capabilities)\n") + line("\(first.hex) refs/heads/main\n") + flush
  }

  /// What libgit2 reads of what a server sends in pieces.
  private func read(_ bytes: [UInt8], _ exchange: inout ShallowExchange, pieces: Int) -> [UInt8] {
    var seen: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(pieces))
      rest = rest.dropFirst(pieces)
      if exchange.isTransparent { seen += piece } else { exchange.hear(piece) }
      while true {
        let ready = exchange.read(upTo: pieces)
        if ready.isEmpty { break }
        seen += ready
      }
    }
    return seen
  }

  private var wants: [UInt8] { line("want \(first.hex) side-band-64k\n") + line("want \(second.hex)\n") }

  @Test(arguments: [1, 3, 7, 1_000]) func aServerIsToldWhereTheHistoryIsCut(pieces: Int) {
    var exchange = ShallowExchange(horizon: Horizon([second, first]), depth: nil)
    let greeting = line("# service=git-upload-pack\n") + flush + greeting("multi_ack shallow side-band-64k")
    #expect(read(greeting, &exchange, pieces: pieces) == greeting)
    let haves = flush + line("have \(second.hex)\n") + line("done\n")
    let told = line("shallow \(first.hex)") + line("shallow \(second.hex)")
    #expect(exchange.completing(wants + haves) == wants + told + haves)
    #expect(exchange.completing(wants + haves) == wants + told + haves, "each request over http says it again")
    let answer = line("NAK\n") + Array("PACK…".utf8)
    #expect(exchange.isTransparent)
    #expect(read(answer, &exchange, pieces: pieces) == answer)
    #expect(exchange.borders.isEmpty)
  }

  @Test(arguments: [1, 5, 1_000]) func whereTheServerHasCutIsKeptFromLibGit2(pieces: Int) {
    var exchange = ShallowExchange(horizon: .none, depth: 3)
    _ = read(greeting("shallow"), &exchange, pieces: pieces)
    #expect(exchange.completing(wants + flush + line("done\n")) == wants + line("deepen 3") + flush + line("done\n"))
    let rest = line("NAK\n") + Array("PACK and what follows".utf8)
    let answer = line("shallow \(second.hex)\n") + line("shallow \(first.hex)") + flush + rest
    #expect(read(answer, &exchange, pieces: pieces) == rest)
    #expect(exchange.borders == [first, second])
    #expect(exchange.isTransparent)
  }

  @Test func whatIsNoAnswerToThatIsForLibGit2() {
    for answer in [line("ERR no such thing\n"), Array("HTTP?".utf8), line("shallow nobody\n")] {
      var exchange = ShallowExchange(horizon: .none, depth: 3)
      _ = read(greeting("shallow"), &exchange, pieces: 9)
      _ = exchange.completing(wants + flush + line("done\n"))
      #expect(read(answer, &exchange, pieces: 2) == answer)
      #expect(exchange.borders.isEmpty)
    }
  }

  @Test func aServerThatDoesNotKnowThatHearsNothingOfIt() {
    var exchange = ShallowExchange(horizon: Horizon([first]), depth: nil)
    _ = read(greeting("multi_ack unshallowed side-band"), &exchange, pieces: 100)
    #expect(exchange.completing(wants + flush) == wants + flush)
    #expect(exchange.canBeHad)
    var asking = ShallowExchange(horizon: .none, depth: 1)
    _ = read(greeting(""), &asking, pieces: 100)
    #expect(!asking.canBeHad)
  }

  @Test func whatAsksForNothingIsLeftAsItIs() {
    var exchange = ShallowExchange(horizon: Horizon([first]), depth: nil)
    _ = read(greeting("shallow"), &exchange, pieces: 100)
    for said in [flush, line("have \(first.hex)\n") + flush, line("done\n"), [], line("want \(first.hex)\n")] {
      #expect(exchange.completing(said) == said)
    }
  }

  @Test func aGreetingWithoutEndIsNotGatheredForEver() {
    var exchange = ShallowExchange(horizon: Horizon([first]), depth: nil)
    let noise = [UInt8](repeating: UInt8(ascii: "0"), count: 1 << 16)
    for _ in 0..<4 { #expect(read(noise, &exchange, pieces: noise.count) == noise) }
    #expect(exchange.isTransparent)
  }
}
