// SPDX-License-Identifier: Apache-2.0

/// Memory that one network takes on a board, in bytes.
public struct MemoryFigures: Codable, Equatable, Sendable {
  /// RAM that an inference needs: activations, scratch, state, input and output.
  public let arena: Int
  /// Deepest stack of an inference; `nil` where it cannot be known (`host`).
  public let stack: Int?
  /// RAM of the copy that restores the input between repeated inferences; not part of the product.
  public let staging: Int
  /// Static RAM of runtime and kernels; `nil` where unknown.
  public let dataBSS: Int?
  /// Flash of runtime and kernels as linked by `export` for this blob; `nil` where unknown.
  public let runtimeFlash: Int?
  /// Flash of the blob.
  public let blob: Int
  /// Always `counted`.
  public let origin: Origin

  /// States sizes.
  public init(
    arena: Int, stack: Int?, staging: Int, dataBSS: Int?, runtimeFlash: Int?, blob: Int
  ) {
    self.arena = arena
    self.stack = stack
    self.staging = staging
    self.dataBSS = dataBSS
    self.runtimeFlash = runtimeFlash
    self.blob = blob
    origin = .counted
  }

  /// Reads the JSON object; `origin` may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    arena = try values.decode(Int.self, forKey: .arena)
    stack = try values.decodeIfPresent(Int.self, forKey: .stack)
    staging = try values.decodeIfPresent(Int.self, forKey: .staging) ?? 0
    dataBSS = try values.decodeIfPresent(Int.self, forKey: .dataBSS)
    runtimeFlash = try values.decodeIfPresent(Int.self, forKey: .runtimeFlash)
    blob = try values.decode(Int.self, forKey: .blob)
    origin = try values.decodeIfPresent(Origin.self, forKey: .origin) ?? .counted
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(arena, forKey: .arena)
    try values.encode(stack, forKey: .stack)
    try values.encode(staging, forKey: .staging)
    try values.encode(dataBSS, forKey: .dataBSS)
    try values.encode(runtimeFlash, forKey: .runtimeFlash)
    try values.encode(blob, forKey: .blob)
    try values.encode(origin, forKey: .origin)
  }

  private enum CodingKeys: String, CodingKey {
    case arena, stack, staging, blob, origin
    case dataBSS = "data_bss"
    case runtimeFlash = "runtime_flash"
  }
}
