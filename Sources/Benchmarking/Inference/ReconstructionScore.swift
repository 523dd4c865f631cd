// SPDX-License-Identifier: Apache-2.0
internal import TensorFiles

/// How well the error with which a network reconstructs its input tells normal samples from anomalies.
///
/// A sample's score is the mean squared difference of the network's output to its input; of several
/// rows that share a name, such as windows of one recording, the mean of theirs. The result is the area
/// under the receiver operating characteristic: the probability that an anomaly scores above a normal
/// sample, ties counted half (Hanley and McNeil, Radiology 143, 1982).
struct ReconstructionScore {
  /// The rows as users have them, in reals.
  let originals: NumpyArray
  /// What the network made of them, in reals.
  let outputs: NumpyArray

  /// Whether labels and shapes are those of a network that reconstructs: as many outputs as inputs, and
  /// classes 0 (normal) and 1 (anomaly).
  static func applies(inputCount: Int, outputCount: Int, labels: [Int]) -> Bool {
    inputCount == outputCount && outputCount > 2 && Set(labels) == [0, 1]
  }

  /// The area under the curve, 0 to 1, and over how many samples; `nil` if a class is missing.
  ///
  /// - Parameter entries: The label of each row; `nil` for rows without one.
  func area(_ entries: [LabelTable.Entry?]) -> (area: Double, samples: Int)? {
    let samples = self.samples(entries)
    let anomalies = samples.filter(\.isAnomaly).count
    let pairs = anomalies * (samples.count - anomalies)
    guard pairs > 0 else { return nil }
    var wins = 0.0
    var normalBelow = 0
    var index = 0
    while index < samples.count {
      let end = samples[index...].firstIndex { $0.score != samples[index].score } ?? samples.count
      let tied = samples[index..<end]
      let anomalous = tied.filter(\.isAnomaly).count
      wins += Double(anomalous) * (Double(normalBelow) + Double(tied.count - anomalous) / 2)
      normalBelow += tied.count - anomalous
      index = end
    }
    return (wins / Double(pairs), samples.count)
  }

  private struct Sample {
    var score: Double
    var isAnomaly: Bool
  }

  /// By rising score.
  private func samples(_ entries: [LabelTable.Entry?]) -> [Sample] {
    var groups: [String: (sum: Double, count: Int, label: Int)] = [:]
    let errors = rowErrors
    for (row, entry) in entries.enumerated() {
      guard let entry, row < errors.count else { continue }
      let name = entry.name.isEmpty ? "\u{0}\(row)" : entry.name
      let before = groups[name] ?? (0, 0, entry.label)
      groups[name] = (before.sum + errors[row], before.count + 1, before.label)
    }
    return groups.values.map { Sample(score: $0.sum / Double($0.count), isAnomaly: $0.label == 1) }
      .sorted { $0.score < $1.score }
  }

  private var rowErrors: [Double] {
    guard let wanted = originals.floats, let found = outputs.floats, wanted.count == found.count
    else { return [] }
    let count = originals.rowElementCount
    return (0..<originals.rowCount).map { row in
      (row * count..<(row + 1) * count).reduce(0) { sum, index in
        let difference = Double(wanted[index]) - Double(found[index])
        return sum + difference * difference
      } / Double(max(1, count))
    }
  }
}
