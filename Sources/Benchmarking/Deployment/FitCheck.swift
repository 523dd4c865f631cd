// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import BoardSupport

/// What a blob needs, against what a board has: the JSON of `shunt check`.
public struct FitCheck: Sendable, Encodable {
  /// One need, and its limit.
  public struct Need: Sendable, Encodable {
    /// Bytes that the blob needs.
    public var needBytes: Int
    /// Bytes that the board has for it; `nil` if it has no limit worth stating.
    public var limitBytes: Int?

    /// Whether it fits.
    public var fits: Bool { limitBytes.map { needBytes <= $0 } ?? true }

    enum CodingKeys: String, CodingKey {
      case needBytes = "need_bytes"
      case limitBytes = "limit_bytes"
      case fits
    }

    /// Writes the object with an explicit null.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(needBytes, forKey: .needBytes)
      try container.encode(limitBytes, forKey: .limitBytes)
      try container.encode(fits, forKey: .fits)
    }
  }

  /// How a blob lies in a board's model slots.
  public enum SlotMode: String, Sendable, Encodable {
    /// Beside the old one: a power cut leaves one of the two.
    case twoSlot = "two-slot"
    /// Over the old one: a power cut while writing leaves no model.
    case singleSlot = "single-slot"
    /// The board has no slots.
    case inMemory = "in-memory"
  }

  /// The board.
  public var board: String
  /// The model's name.
  public var model: String
  /// Flash of the blob; the limit is that of single-slot mode.
  public var flash: Need
  /// Largest blob that can be written beside the old one, in bytes.
  public var twoSlotLimitBytes: Int?
  /// How the blob would lie.
  public var slotMode: SlotMode
  /// RAM of one inference.
  public var arena: Need
  /// RAM for restoring the inputs between inferences of `bench`.
  public var staging: Need
  /// Stack of the agent with this model; `nil` if its firmware was not looked at.
  public var stack: Need?
  /// Data and bss of the agent, in bytes; `nil` if its firmware was not looked at.
  public var dataAndBssBytes: Int?
  /// Flash of runtime and kernels as `export` links them, in bytes; `nil` if it was not measured.
  public var runtimeFlashBytes: Int?
  /// Kernels that the board's core has no set for.
  public var missingKernels: [String]
  /// Operators of the model that the host runs before and behind the board.
  public var hostOperators: [BlobMetadata.HostOperator]
  /// What does not fit, in words, with remedies.
  public var problems: [String]

  /// Whether the model runs on the board.
  public var fits: Bool { problems.isEmpty }

  enum CodingKeys: String, CodingKey {
    case board, model, fits, flash, arena, staging, stack, problems
    case dataAndBssBytes = "data_bss_bytes"
    case runtimeFlashBytes = "runtime_flash_bytes"
    case twoSlotLimitBytes = "two_slot_limit_bytes"
    case slotMode = "slot_mode"
    case missingKernels = "missing_kernels"
    case hostOperators = "host_operators"
    case unsupportedOperators = "unsupported_operators"
  }

  /// Writes the object, with the verdict and explicit nulls.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(board, forKey: .board)
    try container.encode(model, forKey: .model)
    try container.encode(fits, forKey: .fits)
    try container.encode(flash, forKey: .flash)
    try container.encode(twoSlotLimitBytes, forKey: .twoSlotLimitBytes)
    try container.encode(slotMode, forKey: .slotMode)
    try container.encode(arena, forKey: .arena)
    try container.encode(staging, forKey: .staging)
    try container.encode(stack, forKey: .stack)
    try container.encode(dataAndBssBytes, forKey: .dataAndBssBytes)
    try container.encode(runtimeFlashBytes, forKey: .runtimeFlashBytes)
    try container.encode(missingKernels, forKey: .missingKernels)
    try container.encode([String](), forKey: .unsupportedOperators)
    try container.encode(hostOperators, forKey: .hostOperators)
    try container.encode(problems, forKey: .problems)
  }

  /// Compares a model with a board.
  ///
  /// - Parameter firmware: What the board's agent takes, if it was looked at.
  public init(_ model: Deployable, board: Board, soc: SoC, firmware: FirmwareNeeds? = nil) {
    let needs = TargetNeeds(model.document)
    let layout = board.firmware
    let capacity = layout.map { ModelSlots(regionBytes: $0.slots.bytes, eraseBytes: $0.eraseBytes) }
    self.board = board.id
    self.model = model.name
    flash = Need(needBytes: needs.flashBytes, limitBytes: capacity?.singleSlotLimitBytes)
    twoSlotLimitBytes = capacity?.twoSlotLimitBytes
    slotMode =
      capacity.map { needs.flashBytes <= $0.twoSlotLimitBytes ? .twoSlot : .singleSlot }
      ?? .inMemory
    arena = Need(needBytes: needs.arenaBytes, limitBytes: layout?.arenaBytes)
    staging = Need(needBytes: needs.stagingBytes, limitBytes: layout?.stagingBytes)
    stack = firmware?.stackBytes.map { Need(needBytes: $0, limitBytes: layout?.stackBytes) }
    dataAndBssBytes = firmware?.dataAndBssBytes
    runtimeFlashBytes = firmware?.runtimeFlashBytes
    missingKernels = model.document.kernels.filter { !soc.kernelSets.contains($0.set.rawValue) }
      .map(\.symbol)
    hostOperators = model.document.metadata.hostOperators ?? []
    problems = []
    problems = memoryProblems + kernelProblems(of: soc)
  }

  private var memoryProblems: [String] {
    var problems: [String] = []
    func report(_ need: Need?, _ text: (Int, Int) -> String) {
      guard let need, let limit = need.limitBytes, !need.fits else { return }
      problems.append(text(need.needBytes, limit))
    }
    report(flash) {
      "the blob has \($0) bytes, \(board) holds \($1): use a smaller model or a board with more flash"
    }
    report(arena) {
      "one inference needs \($0) bytes of arena, \(board) has \($1): use a smaller input or a board "
        + "with more RAM"
    }
    report(staging) {
      "restoring the inputs between inferences needs \($0) bytes, \(board) has \($1): bench one "
        + "inference at a time"
    }
    report(stack) {
      "the agent needs \($0) bytes of stack with this model, \(board) has \($1): raise stack_bytes "
        + "in its board file"
    }
    return problems
  }

  private func kernelProblems(of soc: SoC) -> [String] {
    guard !missingKernels.isEmpty else { return [] }
    return [
      "\(board) has no kernel \(missingKernels.joined(separator: ", ")) "
        + "(its sets: \(soc.kernelSets.joined(separator: ", "))): pack the model for this board"
    ]
  }
}
