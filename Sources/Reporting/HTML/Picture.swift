// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// A picture with its numbered caption.
struct Picture {
  let label: String
  let caption: String
  let badge: String?
  let note: String?
  /// Markup.
  let drawingSVG: String

  /// A picture with the origin of what it shows.
  ///
  /// - Parameter model: The cost model, named beside modelled figures.
  init(
    label: String, caption: String, origin: Origin?, model: CostModelRecord? = nil,
    drawingSVG: String
  ) {
    self.label = label
    self.caption = caption
    badge = origin?.rawValue
    note = origin == .modelled ? model.map { "Cost model \(OriginText.sentence($0))." } : nil
    self.drawingSVG = drawingSVG
  }
}
