// SPDX-License-Identifier: Apache-2.0
import Foundation
import PowerMeters
import TestSupport
import Testing

/// Recomputes published MLPerf Tiny energies from their raw recordings.
@Suite("published power traces")
struct PublishedTraceTests {
  @Test(
    "the runner's recordings give the published energies",
    .enabled(if: SharedData.isAvailable, Comment(rawValue: SharedData.skipReason)),
    arguments: [
      "NUCLEO_L4R5ZI-P_ad", "NUCLEO_L4R5ZI-P_ic", "NUCLEO_L4R5ZI-P_kws", "NUCLEO_U575ZI_Q_ad",
      "NUCLEO_U575ZI_Q_ic", "NUCLEO_U575ZI_Q_kws",
    ])
  func recomputesRunnerRecordings(name: String) throws {
    let stem = SharedData.path("power-traces/runner-v1.3/\(name)_energy.results")
    let report = try TraceFile.read("\(stem).json").report()
    let published = try String(contentsOfFile: "\(stem).txt", encoding: .utf8)
    let windows = try Self.numbers(in: published, after: "Energy/Inf    :")
    let powers = try Self.numbers(in: published, after: "Power         :")
    #expect(windows.count == 5)
    #expect(report.windows.count == 5)
    for (window, microjoules) in zip(report.windows, windows) {
      #expect(abs(window.grossJoulesPerInference * 1e6 - microjoules) < 0.000_51)
    }
    for (window, milliwatts) in zip(report.windows, powers) {
      #expect(abs(window.meanWatts * 1e3 - milliwatts) < 0.000_051)
    }
    let median = try #require(Self.numbers(in: published, after: "Median energy cost is").first)
    let ours = try #require(report.medianGrossJoulesPerInference)
    #expect(abs(ours * 1e6 - median) < 0.000_11)
    // The first window of the L4R5 recordings has a surplus leading edge.
    #expect(report.problems.count == (name.contains("L4R5") ? 1 : 0))
  }

  @Test(
    "EnergyRunner's recordings give the published energies",
    .enabled(if: SharedData.isAvailable, Comment(rawValue: SharedData.skipReason)),
    arguments: [
      "0.5_reference_Nucleo-L4R5ZI_kws", "0.7_STMicroelectronics_NUCLEO-U575ZI-Q_ic",
      "0.7_hls4ml-finn_pynq-z2_ad_AD08", "1.0_OctoML_microtvm_cmsis_nn_NUCLEO_L4R5ZI_kws",
      "1.0_greenwaves-technologies_gap9_650_240_anomaly_detection",
      "1.0_syntiant_syntiant_9120_0v9_30mhz_kws", "1.1_Krai_NUCLEO-H7A3ZI-Q_X-CUBE-AI-8.0_ic",
      "1.1_Skymizer_NUCLEO_L4R5ZI-mbed_os_vww", "1.2_STMicroelectronics_NUCLEO_L4R5ZI_vww",
      "1.2_STMicroelectronics_NUCLEO_U575ZI_Q_kws",
    ])
  func recomputesEnergyRunnerRecordings(name: String) throws {
    let folder = SharedData.path("power-traces/energyrunner/\(name)")
    let report = try TraceFile.read(folder).report()
    let published = try String(contentsOfFile: "\(folder)/results.txt", encoding: .utf8)
    let energies = try Self.numbers(in: published, after: "Energy       :")
    #expect(report.windows.count == energies.count)
    // The recording keeps its edges rounded to samples of 1 ms, so that each end of a window may be off
    // by one sample from where the published sum began or ended.
    let twoSamples = 2e-3
    for (window, microjoules) in zip(report.windows, energies) {
      #expect(
        abs(window.grossJoules * 1e6 / microjoules - 1) < 1.5 * twoSamples / window.durationSeconds,
        "\(microjoules)")
    }
    let median = try #require(Self.numbers(in: published, after: "Median energy cost is").first)
    let ours = try #require(report.medianGrossJoulesPerInference)
    let duration = try #require(report.windows.first).durationSeconds
    #expect(abs(ours * 1e6 / median - 1) < 1.5 * twoSamples / duration)
    #expect(report.allProblems == [])
  }

  private static func numbers(in text: String, after label: String) throws -> [Double] {
    try text.split(whereSeparator: \.isNewline).filter { $0.contains(label) }.map { line in
      let rest = try #require(line.components(separatedBy: label).last)
      let number = rest.split(separator: " ").first.flatMap { Double($0) }
      return try #require(number, "\(line)")
    }
  }
}
