// SPDX-License-Identifier: Apache-2.0
internal import TextTables

extension BlobDisassembly {
  /// The whole description, for a terminal.
  ///
  /// - Parameter width: Columns of the terminal; concerns the arena map.
  /// - Returns: Lines, each ended by a newline.
  public func text(width: Int = 100) -> String {
    let parts = [summary, ports, steps, [arenaMap.text(width: width)]]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private var summary: [String] {
    var lines = [
      "blob \(formatVersion), kernels \(kernelSet), rounding \(rounding), CRC-32 \(crc32)",
      "graph_sha256 \(graphSHA256)",
    ]
    let origin = [metadata.name, metadata.modelFile, metadata.tool].compactMap { $0 }
    if !origin.isEmpty { lines.append("from " + origin.joined(separator: ", ")) }
    if let hash = metadata.modelSHA256 { lines.append("model_sha256 \(hash)") }
    lines.append(
      "\(blobBytes.grouped) bytes of flash (\(weightsBytes.grouped) of weights), "
        + "\(arenaBytes.grouped) bytes of RAM, \(macs.grouped) multiply-accumulates")
    lines.append(
      inputSurvives
        ? "the input survives an inference"
        : "an inference overwrites the input (staging for repetition: \(stagingBytes.grouped) bytes)"
    )
    for chain in metadata.bands ?? [] { lines.append(chain.text) }
    return lines
  }

  private var ports: [String] {
    var lines = inputs.map { "input   \($0.text)" } + outputs.map { "output  \($0.text)" }
    for operation in metadata.hostOperators ?? [] {
      lines.append("host    \(operation.text)")
    }
    if !labels.isEmpty { lines.append("labels  " + labels.joined(separator: ", ")) }
    return lines
  }

  private var steps: [String] {
    var table = TextTable([
      ("step", .right), ("kernel", .left), ("weights", .left), ("output", .left), ("macs", .right),
      ("arena", .right), ("operators", .left), ("name", .left),
    ])
    for step in operators {
      table.add(
        String(step.index), step.kernel, Self.weights(of: step),
        step.outputShape.map(String.init).joined(separator: "x"),
        step.macs.grouped, step.arenaBytes.grouped,
        step.sourceOperators.map(String.init).joined(separator: ","), step.name)
    }
    return table.lines
  }

  /// How weights are stored: `4 bits / 32` if 32 neighbours share a multiplier, empty for int8.
  private static func weights(of step: Step) -> String {
    guard let bits = step.parameters["weight_bits"]?.first,
      let group = step.parameters["weight_group"]?.first
    else { return "" }
    return "\(bits) bits / \(group)"
  }
}
