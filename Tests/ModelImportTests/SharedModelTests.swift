// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import ModelImport
import TestSupport
import Testing

@Suite(
  "Reading the reference models",
  .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"))
struct SharedModelTests {
  @Test(
    "every supported model gives a verified graph with the published number of MACs",
    arguments: [
      ("kws/int8", 13, 2_656_768), ("kws/float", 13, 2_656_768), ("kws_sm/float", 12, 0),
      ("ic/int8", 0, 12_501_632), ("ic/float", 0, 12_501_632),
      ("vww/int8", 31, 7_489_664), ("vww/float", 31, 7_489_664),
      ("ad/int8", 10, 264_192), ("ad/float", 10, 264_192),
      ("micro_speech/int8", 4, 336_000), ("hello_world/int8", 3, 288), ("hello_world/float", 3, 288),
    ])
  func readsVerifiedGraph(model: String, operators: Int, macs: Int) throws {
    let graph = try ModelReader.readGraph(contentsOf: SharedData.path("models/\(model).tflite"))
    try graph.verify()
    if macs != 0 { #expect(graph.multiplyAccumulates == macs) }
    if operators != 0 { #expect(graph.operators.count == operators) }
  }

  @Test(arguments: ["mnist_lenet300/int8", "mww_alexa/int8", "kws/hybrid_upstream"])
  func bad(model: String) throws {
    do {
      _ = try ModelReader.readGraph(contentsOf: SharedData.path("models/\(model).tflite"))
      Issue.record("read")
    } catch { print(error) }
  }
}
