// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import TensorFiles

/// Whether a model computes what it should: the JSON of `shunt verify`.
public struct Verification: Sendable, Encodable {
  /// Rows compared.
  public var rows: Int
  /// Rows of which at least one output value differs.
  public var mismatchedRows: Int
  /// Largest absolute difference of an output value, in units of the output's type.
  public var maxAbsDifference: Double
  /// The first row that differs, and where; `nil` if none does.
  public var firstDivergence: Divergence?
  /// Top-1 accuracy, 0 to 1, over the rows that have labels; `nil` without labels.
  public var accuracy: Double?
  /// Rows that have labels.
  public var labelledRows: Int

  /// Whether everything agrees.
  public var holds: Bool { mismatchedRows == 0 }

  enum CodingKeys: String, CodingKey {
    case rows, accuracy
    case mismatchedRows = "mismatched_rows"
    case maxAbsDifference = "max_abs_difference"
    case firstDivergence = "first_divergence"
    case labelledRows = "labelled_rows"
  }

  /// Writes the object with explicit nulls.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(mismatchedRows, forKey: .mismatchedRows)
    try container.encode(maxAbsDifference, forKey: .maxAbsDifference)
    try container.encode(firstDivergence, forKey: .firstDivergence)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(labelledRows, forKey: .labelledRows)
  }
}

/// Compares what an engine computes with what is expected.
public struct Verifier {
  /// Floats, which come from conversions on the host, may differ by this many units in the last place.
  private static let floatTolerance = 2

  private let document: BlobDocument
  private let engine: any InferenceEngine
  private let reference: any InferenceEngine
  private let referenceDocument: BlobDocument

  /// A verifier.
  ///
  /// - Parameters:
  ///   - document: The model.
  ///   - engine: What is to be verified.
  ///   - reference: The portable kernels on the host.
  ///   - referenceDocument: What `reference` runs, if it is another blob of the same model file.
  public init(
    document: BlobDocument, engine: any InferenceEngine, reference: any InferenceEngine,
    referenceDocument: BlobDocument? = nil
  ) {
    self.document = document
    self.engine = engine
    self.reference = reference
    self.referenceDocument = referenceDocument ?? document
  }

  /// Runs the rows and compares them.
  ///
  /// - Parameters:
  ///   - rows: Input bytes, with their row numbers in the data set.
  ///   - expected: Outputs of the same rows, in the model's output type or float32; those of the
  ///     reference if `nil`.
  ///   - labels: Classes by row of the data set.
  ///   - progress: Called with rows done and rows in all.
  /// - Throws: `TensorFilesError` if `expected` has another shape; the engine's errors.
  public func verify(
    rows: [(row: Int, bytes: [UInt8])], expected: NumpyArray?, expectedPath: String = "expected",
    labels: LabelTable? = nil, resetEach: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> Verification {
    let inputs = rows.map(\.bytes)
    let outputs = try engine.run(rows: inputs, resetEach: resetEach, progress: progress)
    let data = ModelData(document)
    let actual = try data.array(of: outputs, dequantize: expected?.elementKind == .float32)
    let wanted: NumpyArray
    if let expected {
      wanted = try Self.checked(
        expected, against: actual, rows: rows.map(\.row), path: expectedPath)
    } else {
      let referenceOutputs = try reference.run(rows: inputs, resetEach: resetEach) { _, _ in }
      wanted = try data.array(of: referenceOutputs, dequantize: false)
    }
    let comparison = Self.compare(actual, wanted)
    var result = Verification(
      rows: rows.count, mismatchedRows: comparison.rows.count,
      maxAbsDifference: comparison.maximum, firstDivergence: nil, accuracy: nil, labelledRows: 0)
    if let first = comparison.rows.first {
      // What a stateful model computes depends on the rows before.
      let needsHistory = document.header.isStateful && !resetEach
      let history = Array(needsHistory ? inputs[...first] : inputs[first...first])
      let search = DivergenceSearch(actual: document, reference: referenceDocument)
      result.firstDivergence =
        search.first(
          try engine.taps(rows: history), try reference.taps(rows: history), row: rows[first].row)
        ?? outputDivergence(
          row: rows[first].row, expected: wanted.selecting(rows: [first]),
          actual: actual.selecting(rows: [first]))
    }
    if let labels {
      let classes = Self.classes(of: actual)
      let judged = rows.enumerated().compactMap { index, row in
        labels.label(ofRow: row.row).map { $0 == classes[index] }
      }
      result.labelledRows = judged.count
      result.accuracy =
        judged.isEmpty ? nil : Double(judged.filter { $0 }.count) / Double(judged.count)
    }
    return result
  }

  /// The difference at the output, where every step agrees with the reference's.
  private func outputDivergence(
    row: Int, expected: NumpyArray, actual: NumpyArray
  ) -> Divergence? {
    guard let port = document.outputs.first else { return nil }
    let tensor = document.tensors[port.tensor]
    let step = document.steps.last { $0.outputs.contains(port.tensor) } ?? document.steps.last
    let hostOperator = document.metadata.hostOperators?.last {
      $0.port == 0 && $0.kind != "quantize"
    }
    return Divergence(
      sourceOperator: hostOperator?.sources.last ?? step?.sources.first ?? 0,
      name: hostOperator?.kind ?? step?.name ?? "", row: row, tensor: tensor.name,
      expected: Self.values(of: expected), actual: Self.values(of: actual))
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

  private static func compare(
    _ actual: NumpyArray, _ wanted: NumpyArray
  ) -> (rows: [Int], maximum: Double) {
    var rows: [Int] = []
    var maximum = 0.0
    for row in 0..<actual.rowCount where actual.row(row) != wanted.row(row) {
      let a = values(of: actual.selecting(rows: [row]))
      let b = values(of: wanted.selecting(rows: [row]))
      let isFloat = actual.elementKind == .float32
      let differing = zip(a, b).filter { isFloat ? !areClose($0, $1) : $0 != $1 }
      guard !differing.isEmpty else { continue }
      rows.append(row)
      maximum = max(maximum, differing.map { abs($0 - $1) }.max() ?? 0)
    }
    return (rows, maximum)
  }

  private static func areClose(_ a: Double, _ b: Double) -> Bool {
    if a.isNaN && b.isNaN { return true }
    return abs(a - b) <= Double(floatTolerance) * Double(max(Float(abs(a)).ulp, Float(abs(b)).ulp))
  }

  private static func values(of array: NumpyArray) -> [Double] {
    if let integers = array.integers { return integers.map(Double.init) }
    return (array.floats ?? []).map(Double.init)
  }

  /// Index of the largest output of each row, the first of equals.
  static func classes(of array: NumpyArray) -> [Int] {
    (0..<array.rowCount).map { row in
      let row = values(of: array.selecting(rows: [row]))
      return row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0
    }
  }
}
