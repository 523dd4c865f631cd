// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import TensorFiles

/// Whether a model computes what it should: the JSON of `shunt verify`.
public struct Verification: Sendable, Encodable {
  /// How one output compares.
  public struct Output: Sendable, Encodable {
    /// Its name in the model.
    public var name: String
    /// Rows in which at least one of its values differs.
    public var mismatchedRows: Int
    /// Largest absolute difference of its values, in units of its type.
    public var maxAbsDifference: Double

    enum CodingKeys: String, CodingKey {
      case name
      case mismatchedRows = "mismatched_rows"
      case maxAbsDifference = "max_abs_difference"
    }
  }

  /// Rows compared.
  public var rows: Int
  /// The outputs compared, in the order of the model.
  public var outputs: [Output]
  /// Rows of which at least one output value differs.
  public var mismatchedRows: Int
  /// Largest absolute difference of an output value, in units of the output's type.
  public var maxAbsDifference: Double
  /// The first row that differs, and where; `nil` if none does.
  public var firstDivergence: Divergence?
  /// Top-1 accuracy, 0 to 1, over the rows that have labels; `nil` without labels.
  public var accuracy: Double?
  /// For networks that reconstruct their input, the area under the curve of telling anomalies by the
  /// error, 0 to 1; `nil` for others.
  public var auc: Double?
  /// Rows that have labels.
  public var labelledRows: Int
  /// The bytes of all outputs of each row as the engine gave them; not encoded.
  public var results: [[UInt8]] = []
  /// What disturbed inputs give; `nil` unless asked for.
  public var robustness: [RobustnessSurvey.Figure]?

  /// Whether everything agrees.
  public var holds: Bool { mismatchedRows == 0 }

  enum CodingKeys: String, CodingKey {
    case rows, outputs, accuracy, auc, robustness
    case mismatchedRows = "mismatched_rows"
    case maxAbsDifference = "max_abs_difference"
    case firstDivergence = "first_divergence"
    case labelledRows = "labelled_rows"
  }

  /// Writes the object with explicit nulls.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(mismatchedRows, forKey: .mismatchedRows)
    try container.encode(maxAbsDifference, forKey: .maxAbsDifference)
    try container.encode(firstDivergence, forKey: .firstDivergence)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(auc, forKey: .auc)
    try container.encode(labelledRows, forKey: .labelledRows)
    try container.encodeIfPresent(robustness, forKey: .robustness)
  }
}

/// Compares what an engine computes with what is expected.
public struct Verifier {
  /// What one output should be.
  public struct Expectation: Sendable {
    /// Position among the model's outputs.
    public var output: Int
    /// Its rows, in the output's type or float32.
    public var array: NumpyArray
    /// What messages call it.
    public var path: String

    /// States what an output should be.
    public init(output: Int, array: NumpyArray, path: String) {
      self.output = output
      self.array = array
      self.path = path
    }
  }

  private let document: BlobDocument
  private let engine: any InferenceEngine
  private let reference: any InferenceEngine
  private let referenceDocument: BlobDocument
  private let keptChannels: () throws -> [Int: KeptChannels]

  /// A verifier.
  ///
  /// - Parameters:
  ///   - document: The model.
  ///   - engine: What is to be verified.
  ///   - reference: The plain portable kernels on the host.
  ///   - referenceDocument: What `reference` runs, if it is another blob of the same model file.
  ///   - keptChannels: Of which operators `document` computes some channels only, where `reference` computes all;
  ///     called when they differ.
  public init(
    document: BlobDocument, engine: any InferenceEngine, reference: any InferenceEngine,
    referenceDocument: BlobDocument? = nil,
    keptChannels: @escaping () throws -> [Int: KeptChannels] = { [:] }
  ) {
    self.keptChannels = keptChannels
    self.document = document
    self.engine = engine
    self.reference = reference
    self.referenceDocument = referenceDocument ?? document
  }

  /// Runs the rows and compares the first output; see ``verify(rows:expectations:labels:resetEach:progress:)``.
  ///
  /// - Parameter expected: The first output of the same rows; all outputs of the reference if `nil`.
  public func verify(
    rows: [(row: Int, bytes: [UInt8])], expected: NumpyArray?,
    labels: LabelTable? = nil, resetEach: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Verification {
    let expectations = expected.map { Expectation(output: 0, array: $0, path: "expected") }
    return try verify(
      rows: rows, expectations: expectations.map { [$0] } ?? [], labels: labels,
      resetEach: resetEach, progress: progress)
  }

  /// Runs the rows and compares outputs.
  ///
  /// - Parameters:
  ///   - rows: Input bytes, with their row numbers in the data set.
  ///   - expectations: Outputs of the same rows; if there are none, all outputs of the reference.
  ///   - labels: Classes by row of the data set, which the first output tells.
  ///   - originals: The rows of the first input in reals, for networks that reconstruct it.
  ///   - resetEach: Whether a stateful model is reset before every row.
  ///   - progress: Called with rows done and rows in all.
  /// - Throws: `TensorFilesError` if an expectation has another shape; the engine's errors.
  public func verify(
    rows: [(row: Int, bytes: [UInt8])], expectations: [Expectation],
    labels: LabelTable? = nil, originals: NumpyArray? = nil, resetEach: Bool = false,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Verification {
    let inputs = rows.map(\.bytes)
    let outputs = try engine.run(rows: inputs, resetEach: resetEach, progress: progress)
    let data = ModelData(document)
    let compared = try compare(
      outputs, data, with: expectations, rows: rows.map(\.row)
    ) { try reference.run(rows: inputs, resetEach: resetEach) { _, _ in } }
    let mismatches = Set(compared.flatMap(\.rows))
    var result = Verification(
      rows: rows.count,
      outputs: compared.map {
        .init(
          name: document.outputs[$0.output].name, mismatchedRows: $0.rows.count,
          maxAbsDifference: $0.maximum)
      },
      mismatchedRows: mismatches.count, maxAbsDifference: compared.map(\.maximum).max() ?? 0,
      firstDivergence: nil, accuracy: nil, labelledRows: 0, results: outputs)
    if let first = mismatches.min() {
      // What a stateful model computes depends on the rows before.
      let needsHistory = document.header.isStateful && !resetEach
      let history = Array(needsHistory ? inputs[...first] : inputs[first...first])
      let search = DivergenceSearch(
        actual: document, reference: referenceDocument, keptChannels: try keptChannels())
      result.firstDivergence =
        search.first(
          try engine.taps(rows: history), try reference.taps(rows: history), row: rows[first].row)
        ?? outputDivergence(row: rows[first].row, at: first, of: compared)
    }
    if let labels {
      let judgement = try OutputJudge(
        document: document, labels: labels, originals: originals
      ).judgement(of: outputs, rows: rows.map(\.row))
      result.accuracy = judgement.accuracy
      result.auc = judgement.auc
      result.labelledRows = judgement.labelledRows
    }
    return result
  }

  /// The difference at the output, where every step agrees with the reference's.
  private func outputDivergence(
    row: Int, at first: Int, of comparisons: [OutputComparison]
  ) -> Divergence? {
    guard let comparison = comparisons.first(where: { $0.rows.contains(first) }) else { return nil }
    let port = document.outputs[comparison.output]
    let tensor = document.tensors[port.tensor]
    let step = document.steps.last { $0.outputs.contains(port.tensor) } ?? document.steps.last
    let hostOperator = document.metadata.hostOperators?.last {
      $0.port == comparison.output && $0.kind != "quantize"
    }
    return Divergence(
      sourceOperator: hostOperator?.sources.last ?? step?.sources.first ?? 0,
      name: hostOperator?.kind ?? step?.name ?? "", row: row, tensor: tensor.name,
      expected: OutputComparison.values(of: comparison.wanted.selecting(rows: [first])),
      actual: OutputComparison.values(of: comparison.actual.selecting(rows: [first])))
  }

  /// The rows in which outputs differ from expectations, or from the reference's.
  private func compare(
    _ outputs: [[UInt8]], _ data: ModelData, with expectations: [Expectation], rows: [Int],
    reference: () throws -> [[UInt8]]
  ) throws -> [OutputComparison] {
    guard !expectations.isEmpty else {
      let wanted = try reference()
      return try document.outputs.indices.map { output in
        try OutputComparison(
          output: output, actual: data.array(of: outputs, output: output, dequantize: false),
          wanted: data.array(of: wanted, output: output, dequantize: false))
      }
    }
    return try expectations.sorted { $0.output < $1.output }.map { expectation in
      let actual = try data.array(
        of: outputs, output: expectation.output,
        dequantize: expectation.array.elementKind == .float32)
      let wanted = try Self.checked(
        expectation.array, against: actual, rows: rows, path: expectation.path)
      return OutputComparison(output: expectation.output, actual: actual, wanted: wanted)
    }
  }

  /// `expected` may hold the compared rows only, or all rows of the data set.
  private static func checked(
    _ expected: NumpyArray, against actual: NumpyArray, rows: [Int], path: String
  ) throws(TensorFilesError) -> NumpyArray {
    var expected = expected
    if expected.rowCount != actual.rowCount, let last = rows.max(), expected.rowCount > last {
      expected = expected.selecting(rows: rows)
    }
    guard expected.elementKind == actual.elementKind, expected.rowCount == actual.rowCount,
      expected.rowElementCount == actual.rowElementCount
    else {
      throw .unsuitable(
        path: path,
        reason: "it holds \(expected.shape) of \(expected.elementKind.rawValue), "
          + "the model yields \(actual.shape) of \(actual.elementKind.rawValue)",
        remedy: "give outputs of the same rows and the same model")
    }
    return expected
  }

  /// Index of the largest output of each row, the first of equals.
  static func classes(of array: NumpyArray) -> [Int] {
    (0..<array.rowCount).map { row in
      let row = OutputComparison.values(of: array.selecting(rows: [row]))
      return row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0
    }
  }
}
