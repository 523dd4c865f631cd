// SPDX-License-Identifier: Apache-2.0
internal import Foundation
public import TensorFiles

/// The METADATA section: what people and the host want to know, and the board does not.
///
/// Stored as JSON with sorted keys; empty and unknown values are left out, unknown keys are skipped.
public struct BlobMetadata: Sendable, Hashable, Codable {
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
  /// How images and sounds become the inputs, if the model says so.
  public var preprocessing: Preprocessing?
  /// Operators that are executed in bands of rows.
  public var bands: [BandSummary]?

  /// Makes metadata; every field may be left out.
  public init(
    name: String? = nil, labels: [String]? = nil, modelFile: String? = nil,
    modelSHA256: String? = nil, tool: String? = nil, hostOperators: [HostOperator]? = nil,
    preprocessing: Preprocessing? = nil, bands: [BandSummary]? = nil
  ) {
    self.name = name
    self.labels = labels
    self.modelFile = modelFile
    self.modelSHA256 = modelSHA256
    self.tool = tool
    self.hostOperators = hostOperators
    self.preprocessing = preprocessing
    self.bands = bands
  }

  private enum CodingKeys: String, CodingKey {
    case name, labels, tool, preprocessing, bands
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
