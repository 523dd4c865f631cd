// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// From what a run was made, as a table of names and values.
enum RunProvenance {
  static func facts(_ record: BenchmarkRecord) -> [ReportPage.Fact] {
    let provenance = record.provenance
    var facts: [(String, String?)] = [
      ("Run", record.run), ("Time (UTC)", TextReport.time(record.time)),
      ("Tool", "shunt \(provenance.toolVersion)"), ("Model", provenance.modelName),
      ("Model file SHA-256", provenance.modelSHA256), ("Graph SHA-256", provenance.graphSHA256),
      ("Blob SHA-256", provenance.blobSHA256), ("Firmware SHA-256", provenance.firmwareSHA256),
      ("Data set SHA-256", provenance.dataSetSHA256), ("Compiler", provenance.compiler),
      ("Seed", provenance.seed.map(String.init)),
      ("Inferences", "\(record.inferences) in \(record.windowCount) windows"),
    ]
    if let meter = record.meter {
      let rate = meter.sampleRateHz.map { " at \(FigureFormat.typeset.number($0)) samples/s" } ?? ""
      facts.append(("Meter", "\(meter.name): \(meter.identity)\(rate)"))
      facts.append(("Calibration", meter.calibration))
    }
    if let model = record.costModel {
      facts.append(("Cost model", OriginText.sentence(model)))
      facts.append(("Its basis", model.basis))
    }
    if let series = record.series { facts.append(("Raw series SHA-256", series.sha256)) }
    return facts.compactMap { name, value in
      value.flatMap { $0.isEmpty ? nil : ReportPage.Fact(name: name, value: $0) }
    }
  }
}
