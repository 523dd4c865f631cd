// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import Digests
internal import Foundation
internal import HostRuntime

/// Benches a model with the C runtime on this machine: latency by its own clock, nothing else.
public struct HostBenchmark {
  private let model: Deployable
  private let toolVersion: String

  /// Benches `model`.
  public init(model: Deployable, toolVersion: String) {
    self.model = model
    self.toolVersion = toolVersion
  }

  /// Runs the benchmark.
  public func run(
    _ input: BenchmarkInput, plan: BenchmarkPlan, progress: (String, Int, Int) -> Void
  ) throws -> BenchmarkOutcome {
    let document = model.document
    let runtime = try HostModel(blob: model.blob)
    let engine = HostEngine(runtime)
    let clock = ContinuousClock()
    let first = try clock.measure {
      _ = try engine.run(rows: [input.rows[0]], resetEach: false) { _, _ in }
    }
    let inferences = plan.inferences(seconds: first / .seconds(1), instructions: 1)
    var samples: [Double] = []
    for window in 0..<plan.windows {
      let row = engine.split(input.rows[window % input.rows.count])
      runtime.reset()
      for _ in 0..<inferences {
        let time = try clock.measure { _ = try runtime.run(inputs: row) }
        samples.append(time / .microseconds(1))
      }
      progress("windows", window + 1, plan.windows)
    }
    let outputs = try engine.run(rows: input.rows, resetEach: false) { _, _ in }
    let now = Date()
    let record = BenchmarkRecord(
      run: RunIdentifier.make(at: now), time: now,
      conditions: BoardConditions(
        board: "host", status: "measured", models: nil, core: "host", executedOn: "host",
        kernelSet: document.header.kernelSet.rawValue, clockHz: nil, supplyMV: nil),
      provenance: Provenance(
        modelName: model.name, modelSHA256: model.modelSHA256,
        graphSHA256: document.header.graphSHA256.hex, blobSHA256: model.blobSHA256,
        firmwareSHA256: nil, dataSetSHA256: input.sha256, compiler: "as this tool was built",
        toolVersion: toolVersion),
      latency: try LatencySummary(samplesUS: samples, origin: .measured), instructions: nil,
      cycles: nil,
      memory: MemoryFigures(
        arena: document.header.arenaBytes, stack: nil, staging: document.stagingBytes, dataBSS: nil,
        runtimeFlash: nil, blob: document.header.totalBytes),
      energy: nil,
      accuracy: AccuracyFigures(document, outputs: outputs, labels: input.labels),
      inferences: samples.count, windowCount: plan.windows, arenaMap: ArenaItem.items(of: document),
      latencySamplesUS: samples,
      problems: ["wall-clock time on a shared machine: compare ratios of one session only"])
    return BenchmarkOutcome(record: record, series: nil)
  }
}
