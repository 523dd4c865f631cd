// SPDX-License-Identifier: Apache-2.0

/// From what a run was made. Hashes are SHA-256, 64 lowercase hexadecimal digits.
public struct Provenance: Codable, Equatable, Sendable {
  /// The network's name, for people.
  public let modelName: String
  /// The model file; `nil` if the run started from a blob that does not say.
  public let modelSHA256: String?
  /// The quantized graph before packing: the same for all blobs of one network.
  public let graphSHA256: String
  /// The blob.
  public let blobSHA256: String
  /// The firmware image; `nil` on `host`.
  public let firmwareSHA256: String?
  /// The inputs; `nil` if none were given.
  public let dataSetSHA256: String?
  /// The compiler of runtime and kernels, with its flags if known.
  public let compiler: String
  /// The version of Shunt.
  public let toolVersion: String
  /// The seed of everything random in the run (a virtual meter's noise); `nil` if nothing was.
  public let seed: UInt64?

  /// States where a run comes from.
  public init(
    modelName: String, modelSHA256: String?, graphSHA256: String, blobSHA256: String,
    firmwareSHA256: String?, dataSetSHA256: String?, compiler: String, toolVersion: String,
    seed: UInt64? = nil
  ) {
    self.modelName = modelName
    self.modelSHA256 = modelSHA256
    self.graphSHA256 = graphSHA256
    self.blobSHA256 = blobSHA256
    self.firmwareSHA256 = firmwareSHA256
    self.dataSetSHA256 = dataSetSHA256
    self.compiler = compiler
    self.toolVersion = toolVersion
    self.seed = seed
  }

  /// Reads the keys; the model's name may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    modelName = try values.decodeIfPresent(String.self, forKey: .modelName) ?? ""
    modelSHA256 = try values.decodeIfPresent(String.self, forKey: .modelSHA256)
    graphSHA256 = try values.decode(String.self, forKey: .graphSHA256)
    blobSHA256 = try values.decode(String.self, forKey: .blobSHA256)
    firmwareSHA256 = try values.decodeIfPresent(String.self, forKey: .firmwareSHA256)
    dataSetSHA256 = try values.decodeIfPresent(String.self, forKey: .dataSetSHA256)
    compiler = try values.decode(String.self, forKey: .compiler)
    toolVersion = try values.decode(String.self, forKey: .toolVersion)
    seed = try values.decodeIfPresent(UInt64.self, forKey: .seed)
  }

  /// Writes the keys, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(modelName, forKey: .modelName)
    try values.encode(modelSHA256, forKey: .modelSHA256)
    try values.encode(graphSHA256, forKey: .graphSHA256)
    try values.encode(blobSHA256, forKey: .blobSHA256)
    try values.encode(firmwareSHA256, forKey: .firmwareSHA256)
    try values.encode(dataSetSHA256, forKey: .dataSetSHA256)
    try values.encode(compiler, forKey: .compiler)
    try values.encode(toolVersion, forKey: .toolVersion)
    try values.encode(seed, forKey: .seed)
  }

  private enum CodingKeys: String, CodingKey {
    case compiler, seed
    case modelName = "model_name"
    case modelSHA256 = "model_sha256"
    case graphSHA256 = "graph_sha256"
    case blobSHA256 = "blob_sha256"
    case firmwareSHA256 = "firmware_sha256"
    case dataSetSHA256 = "data_set_sha256"
    case toolVersion = "tool_version"
  }
}
