// SPDX-License-Identifier: Apache-2.0
internal import TextTables

extension GraphInspection {
  /// The whole description, for a terminal.
  ///
  /// - Returns: Lines, each ended by a newline.
  public func text() -> String {
    var lines = [
      "model \(name): \(operators.count) operators, \(weightsBytes.grouped) bytes of weights, "
        + "\(macs.grouped) multiply-accumulates",
      "graph_sha256 \(graphSHA256)", "",
    ]
    lines += inputs.map { "input   \($0.text)" } + outputs.map { "output  \($0.text)" }
    if !labels.isEmpty { lines.append("labels  " + labels.joined(separator: ", ")) }
    lines.append("")
    lines += table.lines
    return lines.joined(separator: "\n") + "\n"
  }

  private var table: TextTable {
    var table = TextTable([
      ("op", .right), ("kind", .left), ("output", .left), ("type", .left), ("scale", .right),
      ("zero", .right), ("weights", .right), ("quantized", .left), ("macs", .right),
      ("name", .left),
    ])
    for node in operators {
      table.add(
        String(node.index), node.kind, node.outputShape.map(String.init).joined(separator: "x"),
        node.outputType, node.scale.map { "\($0)" } ?? "", node.zeroPoint.map(String.init) ?? "",
        node.weightsBytes.grouped, node.weightQuantization ?? "", node.macs.grouped, node.name)
    }
    return table
  }
}
