// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import TensorFiles

/// How a model's results change when its inputs are disturbed as they are in the field.
public struct RobustnessSurvey {
  /// What came of one disturbance.
  public struct Figure: Sendable, Encodable {
    /// The disturbance; `nil` for inputs as they are.
    public var disturbance: String?
    /// Top-1 accuracy, 0 to 1; `nil` without labels.
    public var accuracy: Double?
    /// Area under the curve of a network that reconstructs; `nil` for others.
    public var auc: Double?
    /// Share of rows whose largest output is where it is without the disturbance.
    public var agreement: Double
  }

  private let document: BlobDocument
  private let engine: any InferenceEngine
  private let labels: LabelTable?

  /// A survey of a model with one input.
  public init(document: BlobDocument, engine: any InferenceEngine, labels: LabelTable?) {
    self.document = document
    self.engine = engine
    self.labels = labels
  }

  /// Runs rows disturbed, and judges them beside the rows as they are.
  ///
  /// - Parameters:
  ///   - undisturbed: What the engine gave for the rows as they are.
  ///   - originals: The rows in reals, in the model's own layout.
  ///   - rows: Their numbers in the data set.
  ///   - path: What messages call them.
  /// - Throws: `TensorFilesError`, and the engine's errors.
  public func figures(
    of originals: NumpyArray, undisturbed: [[UInt8]], rows: [Int], path: String,
    resetEach: Bool = false,
    disturbances: [InputDisturbance] = InputDisturbance.usual,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [Figure] {
    guard let floats = originals.floats else { return [] }
    let data = ModelData(document)
    var clean: [Int] = []
    var figures: [Figure] = []
    for (index, disturbance) in ([nil] + disturbances).enumerated() {
      progress(index, disturbances.count + 1)
      let values = disturbance?.applied(to: floats, rowCount: originals.rowCount) ?? floats
      guard let array = NumpyArray(shape: originals.shape, floats: values) else { continue }
      var outputs = undisturbed
      if disturbance != nil {
        let inputs = try data.input(0, from: array, path: path)
        outputs = try engine.run(
          rows: (0..<inputs.rowCount).map { Array(inputs.row($0)) }, resetEach: resetEach
        ) { _, _ in }
      }
      let classes = Verifier.classes(of: try data.array(of: outputs, dequantize: false))
      if disturbance == nil { clean = classes }
      let judgement = try labels.map {
        try OutputJudge(document: document, labels: $0, originals: array).judgement(
          of: outputs, rows: rows)
      }
      figures.append(
        Figure(
          disturbance: disturbance?.label, accuracy: judgement?.accuracy, auc: judgement?.auc,
          agreement: Double(zip(clean, classes).count { $0 == $1 })
            / Double(max(1, classes.count))))
    }
    return figures
  }
}
