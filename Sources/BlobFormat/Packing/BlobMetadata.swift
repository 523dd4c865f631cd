// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The METADATA section: what people and the host want to know, and the board does not.
///
/// Stored as JSON with sorted keys; empty and unknown values are left out, unknown keys are skipped.
public struct BlobMetadata: Sendable, Hashable, Codable {
  /// An operator of the source graph that the host runs at the model's edge.
  public struct HostOperator: Sendable, Hashable, Codable {
    /// `quantize` at an input; `dequantize`, or the name of a ``HostFunction`` behind it, at an output.
    public var kind: String
    /// Index of the model's input or output that it belongs to.
    public var port: Int
    /// Positions of the operators in the model file.
    public var sources: [Int]
    /// The factor of a `softmax`; `nil` stands for 1.
    public var beta: Float?
    /// The new shape of a `reshape`.
    public var shape: [Int]?

    /// Makes a record.
    public init(
      kind: String, port: Int, sources: [Int], beta: Float? = nil, shape: [Int]? = nil
    ) {
      self.kind = kind
      self.port = port
      self.sources = sources
      self.beta = beta
      self.shape = shape
    }

    /// Whether it belongs to an input.
    public var isAtInput: Bool { kind == "quantize" }

    /// `output 0: log_softmax (operator 6)`
    public var text: String {
      let operators = sources.map(String.init).joined(separator: ", ")
      return "\(isAtInput ? "input" : "output") \(port): \(kind)"
        + (sources.isEmpty ? "" : " (operator \(operators))")
    }
  }

  /// The network's name.
  public var name: String?
  /// Names of the classes, in the order of the output's elements.
  public var labels: [String]?
  /// The model file's name.
  public var modelFile: String?
  /// SHA-256 of the model file, in hexadecimal.
  public var modelSHA256: String?
  /// Program and version that packed the blob.
  public var tool: String?
  /// Operators that the host runs.
  public var hostOperators: [HostOperator]?

  /// Makes metadata; every field may be left out.
  public init(
    name: String? = nil, labels: [String]? = nil, modelFile: String? = nil,
    modelSHA256: String? = nil, tool: String? = nil, hostOperators: [HostOperator]? = nil
  ) {
    self.name = name
    self.labels = labels
    self.modelFile = modelFile
    self.modelSHA256 = modelSHA256
    self.tool = tool
    self.hostOperators = hostOperators
  }

  private enum CodingKeys: String, CodingKey {
    case name, labels, tool
    case modelFile = "model_file"
    case modelSHA256 = "model_sha256"
    case hostOperators = "host_operators"
  }

  /// The section's bytes.
  func encoded() throws(BlobFormatError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(self))
    } catch {
      throw .illegalGraph(
        reason: "its labels or names cannot be written as JSON",
        remedy: "Remove unusual characters.")
    }
  }

  /// Reads a section's bytes.
  init(decoding bytes: some Sequence<UInt8>) throws(BlobFormatError) {
    do {
      self = try JSONDecoder().decode(BlobMetadata.self, from: Data(bytes))
    } catch {
      throw .malformed(place: "METADATA", reason: "it is not the JSON object that it should be")
    }
  }
}
