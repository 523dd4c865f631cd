// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import TensorFiles

/// Holds outputs against labels: top-1 accuracy, or for a network that reconstructs its input the area
/// under the curve of its error.
struct OutputJudge {
  /// What the labels say of some rows.
  struct Judgement {
    var accuracy: Double?
    var auc: Double?
    var labelledRows = 0
  }

  let document: BlobDocument
  let labels: LabelTable
  /// The rows of the first input in reals; `nil` if they are not known.
  let originals: NumpyArray?

  /// - Parameters:
  ///   - outputs: For each row the bytes of all outputs, one after the other.
  ///   - rows: Their numbers in the data set.
  func judgement(of outputs: [[UInt8]], rows: [Int]) throws(TensorFilesError) -> Judgement {
    let data = ModelData(document)
    let entries = rows.map { labels.entry(ofRow: $0) }
    if let originals, reconstructs(originals, entries),
      let score = ReconstructionScore(
        originals: originals, outputs: try data.array(of: outputs, dequantize: true)
      ).area(entries)
    {
      return Judgement(auc: score.area, labelledRows: entries.compactMap { $0 }.count)
    }
    let classes = Verifier.classes(of: try data.array(of: outputs, dequantize: false))
    let judged = zip(entries, classes).compactMap { entry, found in
      entry.map { $0.label == found }
    }
    return Judgement(
      accuracy: judged.isEmpty ? nil : Double(judged.count { $0 }) / Double(judged.count),
      labelledRows: judged.count)
  }

  private func reconstructs(_ originals: NumpyArray, _ entries: [LabelTable.Entry?]) -> Bool {
    document.tensors[document.outputs[0].tensor].scale > 0
      && ReconstructionScore.applies(
        inputCount: originals.rowElementCount,
        outputCount: document.modelShape(ofOutput: 0).reduce(1, *),
        labels: entries.compactMap { $0?.label })
  }
}
