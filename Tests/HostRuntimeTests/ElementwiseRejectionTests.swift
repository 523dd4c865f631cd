// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// What the checks of elementwise kernels refuse: each case spoils one thing of a legal step.
@Suite struct ElementwiseRejectionTests {
  private typealias Quad = (UInt32, UInt32, UInt32, UInt32)

  private static let dims: Quad = (1, 2, 3, 4)
  private static let dense: Quad = (24, 12, 4, 1)

  private static let product = shunt_mul_params_t(
    dims: dims, strides: (dense, (0, 0, 0, 1)), input_zero_point: (1, -2), multiplier: 1 << 30,
    shift: -3, output_zero_point: 4, clamp_min: -128, clamp_max: 127, reserved: 0)

  /// Opens a step of two int8 inputs, [1, 2, 3, 4] and [4], after its parameters were changed.
  private func open<Params: BitwiseCopyable>(
    _ kernel: shunt_kernel_id_t, _ legal: Params, types: [shunt_type_t] = [],
    _ spoil: (inout Params, inout TestBlob) -> Void
  ) -> Bool {
    var params = legal
    var blob = TestBlob.single(kernel, inputs: [[1, 2, 3, 4], [4]], output: [1, 2, 3, 4]) {
      for (index, type) in types.enumerated() { $0.tensors[index].type = UInt8(type.rawValue) }
      spoil(&params, &$0)
      return params
    }
    for index in blob.inputs.indices {
      blob.inputs[index].external_type = blob.tensors[Int(blob.inputs[index].tensor)].type
    }
    for index in blob.outputs.indices {
      blob.outputs[index].external_type = blob.tensors[Int(blob.outputs[index].tensor)].type
    }
    return (try? HostModel(blob: blob.bytes())) != nil
  }

  @Test("products outside their tensors or ranges are refused")
  func products() {
    func check(_ spoil: (inout shunt_mul_params_t, inout TestBlob) -> Void) -> Bool {
      open(SHUNT_KERNEL_MUL_S8, Self.product, spoil)
    }
    #expect(check { _, _ in })
    #expect(!check { p, _ in p.dims.0 = 2 })
    #expect(!check { p, _ in p.dims.3 = 0 })
    #expect(!check { p, _ in p.dims = (0x8000_0000, 0x8000_0000, 2, 6) })
    #expect(!check { p, _ in p.strides.0.1 = 13 })
    #expect(
      !check { p, _ in
        p.strides.1.0 = .max; p.dims = (2, 1, 3, 4)
      })
    #expect(!check { p, _ in p.strides.1.3 = 2 })
    #expect(!check { p, _ in p.input_zero_point.0 = 128 })
    #expect(!check { p, _ in p.input_zero_point.1 = -129 })
    #expect(!check { p, _ in p.output_zero_point = 128 })
    #expect(!check { p, _ in p.multiplier = (1 << 30) - 1 })
    #expect(!check { p, _ in p.multiplier = -1 })
    #expect(!check { p, _ in p.shift = 31 })
    #expect(!check { p, _ in p.shift = -32 })
    #expect(!check { p, _ in p.clamp_min = -129 })
    #expect(!check { p, _ in p.clamp_max = -129 })
    #expect(!check { p, _ in p.reserved = 1 })
    #expect(!check { _, blob in blob.tensors[0].type = UInt8(SHUNT_TYPE_U8.rawValue) })
    // In place is legal for the dense input, not for the one that is repeated.
    #expect(check { _, blob in blob.tensors[2].offset = blob.tensors[0].offset })
    #expect(!check { _, blob in blob.tensors[2].offset = blob.tensors[1].offset })
  }

  @Test("quotients shift less than products, and wide products have no zero points")
  func variants() {
    #expect(open(SHUNT_KERNEL_DIV_S8, Self.product) { p, _ in p.shift = 23 })
    #expect(!open(SHUNT_KERNEL_DIV_S8, Self.product) { p, _ in p.shift = 24 })
    // The wide kernel does not take bytes.
    #expect(!open(SHUNT_KERNEL_MUL_S16, Self.product) { p, _ in p.input_zero_point = (0, 0) })
  }

  @Test("squared differences shift less than sums")
  func sums() {
    let legal = shunt_add_params_t(
      dims: Self.dims, strides: (Self.dense, (0, 0, 0, 1)), input_zero_point: (1, -2),
      input_multiplier: (1 << 30, 1 << 30), input_shift: (0, -1), left_shift: 7,
      output_multiplier: 1 << 30, output_shift: -9, output_zero_point: 4, clamp_min: -128,
      clamp_max: 127)
    for kernel in [SHUNT_KERNEL_SUB_S8, SHUNT_KERNEL_SQUARED_DIFFERENCE_S8] {
      #expect(open(kernel, legal) { _, _ in })
      #expect(!open(kernel, legal) { p, _ in p.left_shift = -1 })
      #expect(!open(kernel, legal) { p, _ in p.input_shift.0 = 1 })
      #expect(!open(kernel, legal) { p, _ in p.output_shift = 31 })
    }
    #expect(open(SHUNT_KERNEL_SUB_S8, legal) { p, _ in p.left_shift = 20 })
    #expect(!open(SHUNT_KERNEL_SUB_S8, legal) { p, _ in p.left_shift = 21 })
    #expect(!open(SHUNT_KERNEL_SQUARED_DIFFERENCE_S8, legal) { p, _ in p.left_shift = 8 })
  }

  @Test("comparisons need truth values as output and a known relation")
  func comparisons() {
    let legal = shunt_compare_params_t(
      dims: Self.dims, strides: (Self.dense, (0, 0, 0, 1)), input_zero_point: (0, 0),
      input_multiplier: (1 << 30, 1 << 30), input_shift: (0, 0), left_shift: 8, relation: 5)
    let types = [SHUNT_TYPE_S8, SHUNT_TYPE_S8, SHUNT_TYPE_BOOL]
    #expect(open(SHUNT_KERNEL_COMPARE_S8, legal, types: types) { _, _ in })
    #expect(!open(SHUNT_KERNEL_COMPARE_S8, legal) { _, _ in })
    #expect(!open(SHUNT_KERNEL_COMPARE_S8, legal, types: types) { p, _ in p.relation = 6 })
    #expect(!open(SHUNT_KERNEL_COMPARE_S8, legal, types: types) { p, _ in p.left_shift = 21 })
    #expect(!open(SHUNT_KERNEL_COMPARE_S8, legal, types: types) { p, _ in p.input_shift.1 = 1 })
  }

  @Test("a table must lie inside the constants and have room for every byte")
  func tables() {
    func check(_ spoil: (inout shunt_lookup_params_t, inout TestBlob) -> Void) -> Bool {
      let blob = TestBlob.single(SHUNT_KERNEL_LOOKUP_S8, inputs: [[7]], output: [7]) {
        var params = shunt_lookup_params_t(
          count: 7, table: $0.constant([UInt8](repeating: 1, count: 256)), reserved: (0, 0))
        spoil(&params, &$0)
        return params
      }
      return (try? HostModel(blob: blob.bytes())) != nil
    }
    #expect(check { _, _ in })
    #expect(!check { p, _ in p.count = 8 })
    #expect(!check { p, _ in p.table += 1 })
    #expect(!check { p, _ in p.table += 32 })
    #expect(!check { p, _ in p.table = 0 })
    #expect(!check { p, _ in p.table = 0xFFFF_FFF0 })
    #expect(!check { p, _ in p.reserved.1 = 1 })
    #expect(!check { _, blob in blob.tensors[1].type = UInt8(SHUNT_TYPE_S4.rawValue) })
  }
}
