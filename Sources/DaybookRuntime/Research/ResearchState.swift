package import Daybook
package import Documents

/// What is added to a research task at once.
package struct ResearchItems: Sendable {
  package var steps: [JSONValue]
  package var panels: [JSONValue]
  package var analyses: [JSONValue]

  package init(steps: [JSONValue] = [], panels: [JSONValue] = [], analyses: [JSONValue] = []) {
    self.steps = steps
    self.panels = panels
    self.analyses = analyses
  }

  var bySeries: [(series: ResearchSeries, items: [JSONValue])] {
    [(.steps, steps), (.panels, panels), (.analyses, analyses)].filter { !$0.1.isEmpty }
  }
}

package enum ResearchSeries: String, Sendable, CaseIterable {
  case steps, panels, analyses

  /// The member of the document that counts its items.
  var counter: String {
    switch self {
    case .steps: "step_count"
    case .panels: "panel_count"
    case .analyses: "analysis_count"
    }
  }
}

/// All of a research task as it was at one moment. Whoever follows the changes after `sequence` misses none and sees none
/// twice.
package struct ResearchState: Sendable {
  package let document: Document
  package let steps: SeriesTail
  package let panels: SeriesTail
  package let analyses: SeriesTail
  /// The sequence of the store when it was read.
  package let sequence: UInt64
}
