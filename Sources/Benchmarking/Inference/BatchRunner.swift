// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import DeviceLink

/// Runs rows that stand in a board's batch region already.
struct BatchRunner {
  /// Rows per request: few enough that progress moves, many enough that requests cost nothing.
  private static let macsPerRequest = 100_000_000

  let session: AgentSession
  let document: BlobDocument

  /// Runs the first `rowCount` rows and reads their outputs.
  func run(
    rowCount: Int, resetEach: Bool, options: BatchOptions = [], progress: (Int) -> Void
  ) throws(DeviceLinkError) -> [[UInt8]] {
    let macs = max(1, document.steps.reduce(0) { $0 + $1.macs })
    let step = max(1, Self.macsPerRequest / macs)
    var layout = BatchLayout(
      rows: 0, inputBytesPerRow: document.inputBytes, outputBytesPerRow: document.outputBytes,
      outputOffset: rowCount * document.inputBytes)
    while layout.firstRow < rowCount {
      layout.rows = min(step, rowCount - layout.firstRow)
      var flags = options
      if resetEach { flags.insert(.resetEachRow) }
      if layout.firstRow == 0 { flags.insert(.resetFirst) }
      _ = try session.batchRun(
        layout, options: flags,
        deadline: session.deadline(after: WorkEstimate(document).longest(inferences: layout.rows)))
      layout.firstRow += layout.rows
      progress(layout.firstRow)
    }
    let bytes = try session.batchRead(
      offset: layout.outputOffset, count: rowCount * document.outputBytes)
    return (0..<rowCount).map { row in
      Array(bytes[(row * document.outputBytes)..<((row + 1) * document.outputBytes)])
    }
  }
}
