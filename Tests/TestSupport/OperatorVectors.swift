// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The index of Tests/Vectors/operators: small models with inputs, and outputs of the reference
/// interpreter (PyPI tflite-micro).
public struct OperatorVectors: Decodable {
  /// One model and what it makes of its inputs.
  public struct Case: Decodable, Sendable, CustomStringConvertible {
    /// Operator and situation: `conv_2d/1x1`.
    public var id: String
    /// The folder, mostly named after the operator.
    public var op: String
    /// The `.tflite` file, below the index.
    public var model: String
    /// How often the model is run.
    public var rows: Int
    /// One array of `rows` rows for each input.
    public var inputs: [String]
    /// One array of `rows` rows for each output.
    public var outputs: [String]

    /// ``id``, for test reports.
    public var description: String { id }
  }

  private var cases: [Case]

  private static let folder = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators")

  /// All cases; none if there is no index.
  public static let all: [Case] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("index.json")),
      let index = try? JSONDecoder().decode(OperatorVectors.self, from: data)
    else { return [] }
    return index.cases
  }()

  /// Those that compute something; the others only convert at the model's edge.
  public static let computing = all.filter { !["quantize", "dequantize"].contains($0.op) }

  /// The path of a file that a case names.
  public static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
