// SPDX-License-Identifier: Apache-2.0

/// The step that cannot do without the most bytes, for messages.
struct ArenaPeak {
  private let place: String
  private let needs: String

  init(_ lowered: LoweredGraph) {
    let request = ArenaRequest(lowered, inputsSurvive: false)
    let bounds = ArenaPlanner(effort: 0).bounds(request.items, overlaps: request.overlaps)
    let most = bounds.map(\.bytes).max() ?? 0
    let step = bounds.first { $0.bytes == most }?.step ?? 0
    place =
      "step \(step)"
      + (lowered.steps.indices.contains(step)
        ? " (\(lowered.steps[step].kernel.rawValue) '\(NameShortener.shorten(lowered.steps[step].name))')"
        : "")
    let items = request.items.filter { $0.firstStep <= step && step <= $0.lastStep && $0.bytes > 0 }
    needs =
      "\(most) bytes for "
      + items.sorted { ($1.bytes, $0.name) < ($0.bytes, $1.name) }.prefix(5)
      .map { "'\(NameShortener.shorten($0.name))' (\($0.bytes))" }.joined(separator: ", ")
  }

  /// The error for an arena that is too large.
  func excess(over limit: Int, found: Int) -> BlobFormatError {
    .arenaLimitExceeded(
      limit: limit, found: found,
      reason: "\(place) cannot do without \(needs). Use a smaller input or network")
  }
}
