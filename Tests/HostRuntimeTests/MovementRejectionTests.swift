// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// Parameters of `move` and `gather` with which a run would leave its tensors.
@Suite struct MovementRejectionTests {
  /// One block with one loop, 20 bytes from 20 bytes, backwards: run 4, 5 rounds.
  struct Move: BitwiseCopyable, Sendable {
    var block = shunt_move_block_t(
      input: 0, output: 0, loops: 1, fill_bytes: 0, run_bytes: 4, in_start: 16, out_start: 0)
    var loop = shunt_move_loop_t(count: 5, in_stride: -4, out_stride: 4)
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var spoil: @Sendable (inout Move) -> Void

    init(_ description: String, _ spoil: @escaping @Sendable (inout Move) -> Void) {
      testDescription = description
      self.spoil = spoil
    }
  }

  static let brokenMoves = [
    Broken("a read in front of the input") { $0.block.in_start = 12 },
    Broken("a read behind the input") { $0.block.in_start = 17 },
    Broken("a first read far behind the input") { $0.block.in_start = .max },
    Broken("a stride that leaves the input") { $0.loop.in_stride = -5 },
    Broken("the lowest stride") { $0.loop.in_stride = .min },
    Broken("a write behind the output") { $0.block.out_start = 1 },
    Broken("a stride that leaves the output") { $0.loop.out_stride = 5 },
    Broken("a stride beyond 2^31") { $0.loop.out_stride = .max },
    Broken("fewer bytes than the output has") { $0.loop.count = 4 },
    Broken("no rounds") { $0.loop.count = 0 },
    Broken("empty runs") { $0.block.run_bytes = 0 },
    Broken("4 billion rounds of one place") {
      $0.loop = shunt_move_loop_t(count: .max, in_stride: 0, out_stride: 0)
    },
    Broken("an input that is not there") { $0.block.input = 1 },
    Broken("an output that is not there") { $0.block.output = 1 },
    Broken("more loops than the parameters hold") { $0.block.loops = 2 },
    Broken("fewer loops than the parameters hold") { $0.block.loops = 0 },
    Broken("a fill of three bytes") { $0.block.fill_bytes = 3 },
    Broken("a fill whose run is no multiple of its element") {
      $0.block.fill_bytes = 4
      $0.block.run_bytes = 5
      $0.loop = shunt_move_loop_t(count: 4, in_stride: 0, out_stride: 5)
    },
    Broken("a fill that names an input") {
      $0.block.fill_bytes = 1
      $0.block.input = 1
    },
  ]

  @Test("a block that stays inside is run")
  func runsMove() throws {
    let model = try HostModel(blob: Self.blob(SHUNT_KERNEL_MOVE, Move()))
    let found = try model.run(inputs: [[UInt8](0..<20)])
    #expect(found[0] == [16, 17, 18, 19, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3])
  }

  @Test("a block that would leave its tensors is refused", arguments: brokenMoves)
  func refusesMove(_ broken: Broken) {
    var move = Move()
    broken.spoil(&move)
    #expect(throws: HostRuntimeError.self) {
      try HostModel(blob: Self.blob(SHUNT_KERNEL_MOVE, move))
    }
  }

  @Test("a gather that stays inside is run")
  func runsGather() throws {
    let model = try HostModel(blob: Self.gather(table: [16, 0, 4, 4, 12]))
    let found = try model.run(inputs: [[UInt8](0..<20)])
    #expect(found[0] == [16, 17, 18, 19, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7, 12, 13, 14, 15])
  }

  @Test("a table that leaves the input is refused", arguments: [17, 20, UInt32.max, 1 << 31])
  func refusesTable(_ entry: UInt32) {
    #expect(throws: HostRuntimeError.self) {
      try HostModel(blob: Self.gather(table: [0, 0, entry, 0, 0]))
    }
  }

  @Test("loops that make no sense are refused")
  func refusesLoops() {
    let spoilers: [(inout shunt_gather_params_t) -> Void] = [
      { $0.loops = 0 }, { $0.loops = 7 }, { $0.loops = .max }, { $0.run_bytes = 0 },
      { $0.run_bytes = .max }, { $0.loop.0.count = 6 }, { $0.loop.0.count = 0 },
      { $0.loop.0.count = .max }, { $0.loop.0.stride = 4 }, { $0.loop.0.table += 4 },
      { $0.loop.0.table = 1 << 30 }, { $0.loop.0.table = .max },
    ]
    for spoil in spoilers {
      #expect(throws: HostRuntimeError.self) {
        try HostModel(blob: Self.gather(table: [16, 0, 4, 4, 12], spoil))
      }
    }
  }

  private static func gather(
    table: [UInt32], _ spoil: (inout shunt_gather_params_t) -> Void = { _ in }
  ) -> [UInt8] {
    var params = shunt_gather_params_t()
    params.loops = 1
    params.run_bytes = 4
    params.loop.0.count = 5
    return blob(SHUNT_KERNEL_GATHER, params, table: table) { params, offset in
      params.loop.0.table = offset
      spoil(&params)
    }
  }

  /// A blob of one step from 20 bytes to 20 bytes.
  private static func blob<Params: BitwiseCopyable>(
    _ kernel: shunt_kernel_id_t, _ params: Params, table: [UInt32] = [],
    _ prepare: (inout Params, UInt32) -> Void = { _, _ in }
  ) -> [UInt8] {
    var blob = TestBlob()
    let input = blob.tensor([20], alive: 0...0)
    let output = blob.tensor([20], alive: 0...1)
    var params = params
    prepare(&params, blob.constant(records: table))
    blob.step(kernel, inputs: [input], output: output, params: params)
    blob.input(input)
    blob.output(output)
    return blob.bytes()
  }
}
