// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import Foundation
public import TensorFiles

/// Whether a model computes what it should: the JSON of `shunt verify`.
public struct Verification: Sendable, Encodable {
  /// Where results first differ.
  public struct Divergence: Sendable, Encodable {
    /// Position of the operator in the model file.
    public var sourceOperator: Int
    /// Its name, as the blob keeps it.
    public var name: String
    /// The row of the data set.
    public var row: Int

    enum CodingKeys: String, CodingKey {
      case sourceOperator = "operator"
      case name, row
    }
  }

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
  /// Rows that have labels.
  public var labelledRows: Int

  /// Whether everything agrees.
  public var holds: Bool { mismatchedRows == 0 }

  enum CodingKeys: String, CodingKey {
    case rows, outputs, accuracy
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
    try container.encode(labelledRows, forKey: .labelledRows)
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

  /// Floats, which come from conversions on the host, may differ by this many units in the last place.
  private static let floatTolerance = 2

  private let document: BlobDocument
  private let engine: any InferenceEngine
  private let reference: any InferenceEngine

  /// A verifier.
  ///
  /// - Parameters:
  ///   - document: The model.
  ///   - engine: What is to be verified.
  ///   - reference: The portable kernels on the host.
  public init(
    document: BlobDocument, engine: any InferenceEngine, reference: any InferenceEngine
  ) {
    self.document = document
    self.engine = engine
    self.reference = reference
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
  ///   - resetEach: Whether a stateful model is reset before every row.
  ///   - progress: Called with rows done and rows in all.
  /// - Throws: `TensorFilesError` if an expectation has another shape; the engine's errors.
  public func verify(
    rows: [(row: Int, bytes: [UInt8])], expectations: [Expectation],
    labels: LabelTable? = nil, resetEach: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
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
      firstDivergence: nil, accuracy: nil, labelledRows: 0)
    if let first = mismatches.min() {
      // What a stateful model computes depends on the rows before.
      let needsHistory = document.header.isStateful && !resetEach
      result.firstDivergence = try divergence(
        row: rows[first].row, after: needsHistory ? inputs[...first] : inputs[first...first])
    }
    if let labels {
      let classes = Self.classes(of: try data.array(of: outputs, dequantize: false))
      let judged = rows.enumerated().compactMap { index, row in
        labels.label(ofRow: row.row).map { $0 == classes[index] }
      }
      result.labelledRows = judged.count
      result.accuracy =
        judged.isEmpty ? nil : Double(judged.filter { $0 }.count) / Double(judged.count)
    }
    return result
  }

  /// The rows in which outputs differ from expectations, or from the reference's.
  private func compare(
    _ outputs: [[UInt8]], _ data: ModelData, with expectations: [Expectation], rows: [Int],
    reference: () throws -> [[UInt8]]
  ) throws -> [(output: Int, rows: [Int], maximum: Double)] {
    guard !expectations.isEmpty else {
      let wanted = try reference()
      return try document.outputs.indices.map { output in
        let comparison = Self.compare(
          try data.array(of: outputs, output: output, dequantize: false),
          try data.array(of: wanted, output: output, dequantize: false))
        return (output, comparison.rows, comparison.maximum)
      }
    }
    return try expectations.sorted { $0.output < $1.output }.map { expectation in
      let actual = try data.array(
        of: outputs, output: expectation.output,
        dequantize: expectation.array.elementKind == .float32)
      let wanted = try Self.checked(
        expectation.array, against: actual, rows: rows, path: expectation.path)
      let comparison = Self.compare(actual, wanted)
      return (expectation.output, comparison.rows, comparison.maximum)
    }
  }

  /// Finds the first step whose result differs from the reference's; if all agree, the output's own.
  private func divergence(
    row: Int, after rows: ArraySlice<[UInt8]>
  ) throws -> Verification.Divergence {
    let actual = try engine.taps(rows: Array(rows))
    let wanted = try reference.taps(rows: Array(rows))
    let first = zip(actual, wanted).enumerated().first { $1.0 != $1.1 }?.offset
    let step = document.steps[first ?? (document.steps.count - 1)]
    return Verification.Divergence(
      sourceOperator: step.sources.first ?? 0, name: step.name, row: row)
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
