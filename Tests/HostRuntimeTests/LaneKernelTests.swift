// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// What fully_connected_lanes_s8 refuses.
@Suite struct LaneKernelTests {
  /// 10 rows of 6 columns, in stretches of 4 and 2, for two batches.
  private static func blob(stretches: [UInt32] = [4, 2, 2, 4]) -> TestBlob {
    TestBlob.single(
      SHUNT_KERNEL_FULLY_CONNECTED_LANES_S8, inputs: [[2, 6]], output: [2, 10]
    ) { blob in
      let weights = stretches.flatMap { columns in
        withUnsafeBytes(of: columns.littleEndian, Array.init)
          + [UInt8](repeating: 131, count: 8 * Int(columns % 16))
      }
      let channel = shunt_channel_t(bias: 5, multiplier: 1 << 30, shift: -2)
      return shunt_fully_connected_params_t(
        batches: 2, inputs: 6, outputs: 10, weights: blob.constant(weights),
        channels: blob.constant(records: [shunt_channel_t](repeating: channel, count: 10)),
        output_zero_point: 3, clamp_min: -128, clamp_max: 127)
    }
  }

  private static let layer = ParameterCase(
    testDescription: "fully_connected_lanes_s8", blob: blob(),
    illegal: [
      (0, 1), (0, 0), (1, 5), (1, 0), (1, -2), (2, 9), (2, 0), (3, 4), (3, 0), (4, 8), (4, 0),
      (5, 128), (6, -129), (7, 128), (7, -128 - 1),
    ])

  @Test("parameters that are not legal are refused")
  func refusesParameters() throws { try Self.layer.expectRefusals() }

  @Test("with any bit of the parameters flipped, a step is refused or runs")
  func survivesFlips() throws { try Self.layer.expectHarmlessFlips() }

  @Test(
    "stretches that do not take the columns are refused",
    arguments: [
      [4, 2, 2, 3], [4, 2, 0, 4, 2], [4, 4, 2, 4], [8, 4, 2], [4, 2, 2, 2], [4, 2, 4, 0xFFFF_FFFE],
      [3, 3, 2, 4], [0x8000_0002, 4, 6],
    ] as [[UInt32]])
  func refusesStretches(_ stretches: [UInt32]) {
    #expect(throws: HostRuntimeError.self) {
      try HostModel(blob: Self.blob(stretches: stretches).bytes())
    }
  }
}
