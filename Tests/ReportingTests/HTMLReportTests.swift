// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import FoundationXML
import RecordFixtures
import Reporting
import Testing

@Suite struct HTMLReportTests {
  private func page(_ examples: [ExampleRun]) throws -> String {
    try HTMLReport(runs: examples.map { ReportedRun(record: $0.record, series: $0.series) })
      .render()
  }

  private func several() throws -> [ExampleRun] {
    [
      try ExampleRun.make(),
      try ExampleRun.make {
        $0.run = "261122-b8m1t0zc"
        $0.board = "qemu-m7"
        $0.cycles *= 0.6
      },
      try ExampleRun.make {
        $0.run = "261122-nometer"
        $0.hasMeter = false
      },
    ]
  }

  @Test("the page is well-formed for a strict parser, for one run and for several")
  func wellFormed() throws {
    for examples in [[try ExampleRun.make()], try several()] {
      let outline = try Outline(of: page(examples))
      #expect(outline.count("svg") >= 3)
      #expect(outline.count("script") == 0)
      #expect(outline.count("table") >= 3)
    }
  }

  @Test("nothing is fetched from anywhere")
  func selfContained() throws {
    let page = try page(several()).lowercased()
    for needle in ["http", "src=", "href=", "url(", "@import", "<script", "<link", "<iframe"] {
      #expect(!page.contains(needle), "\(needle)")
    }
  }

  @Test("every headline figure carries its origin, modelled ones model and error")
  func origins() throws {
    let outline = try Outline(of: page([try ExampleRun.make()]))
    let cards = outline.texts(ofClass: "card")
    #expect(cards.count == 7)
    for card in cards {
      #expect(["measured", "counted", "modelled"].contains { card.contains($0) }, "\(card)")
      if card.contains("modelled") {
        #expect(card.contains("cortex-m4/1 (stm32l4r5)"), "\(card)")
        #expect(card.contains("± 25 % stated") || card.contains("± 6 % stated"), "\(card)")
      }
    }
  }

  @Test("hostile names stay text")
  func hostile() throws {
    let name = "</title><script>alert('1')</script>\"&{{x}}{{{y}}}\u{1B}<img src=x onerror=y>"
    let example = try ExampleRun.make {
      $0.run = name
      $0.modelName = name
      $0.board = name
      $0.kernelSet = name
      $0.models = name
    }
    let other = try ExampleRun.make { $0.run = "other" }
    let page = try page([example, other])
    #expect(!page.contains("<script"))
    #expect(!page.contains("<img"))
    #expect(page.contains("{{x}}"))
    let outline = try Outline(of: page)
    #expect(outline.count("script") == 0)
    #expect(outline.count("img") == 0)
  }

  @Test("the same runs give the same page, which stays small")
  func deterministic() throws {
    let examples = try several()
    let first = try page(examples)
    #expect(first == (try page(examples)))
    #expect(first.utf8.count < 400_000)
  }

  @Test("runs of different networks are compared with a warning")
  func differentGraphs() throws {
    let other = try ExampleRun.make {
      $0.run = "261122-other"
      $0.graph = "beef"
    }
    #expect(try page([ExampleRun.make(), other]).contains("not of the same network"))
  }

  @Test("a report over nothing is refused")
  func empty() {
    #expect(throws: ReportingError.noRuns) { try HTMLReport(runs: []).render() }
  }
}

/// What a strict XML parser finds in a page.
private final class Outline: NSObject, XMLParserDelegate {
  private var counts: [String: Int] = [:]
  private var stack: [(classes: [Substring], text: String)] = []
  private var texts: [(classes: [Substring], text: String)] = []

  init(of page: String) throws {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    let isWellFormed = parser.parse()
    try #require(
      isWellFormed,
      "line \(parser.lineNumber), column \(parser.columnNumber): \(String(describing: parser.parserError))"
    )
  }

  func count(_ element: String) -> Int { counts[element] ?? 0 }

  func texts(ofClass name: Substring) -> [String] {
    texts.filter { $0.classes.contains(name) }.map(\.text)
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    counts[element, default: 0] += 1
    stack.append(((attributes["class"] ?? "").split(separator: " "), ""))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    for index in stack.indices { stack[index].text += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    if let last = stack.popLast() { texts.append(last) }
  }
}
