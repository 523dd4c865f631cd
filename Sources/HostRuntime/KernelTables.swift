// SPDX-License-Identifier: Apache-2.0
@preconcurrency internal import CShuntKernelsDSP
@preconcurrency internal import CShuntKernelsMVE
@preconcurrency internal import CShuntKernelsNEON
@preconcurrency internal import CShuntKernelsPortable
internal import CShuntRuntime

/// The kernels of all sets that this machine can run: those of other cores over emulated instructions.
struct KernelTables: @unchecked Sendable {
  /// Every kernel, set by set.
  let kernels: [UnsafePointer<shunt_kernel_t>]
  /// The same as `shunt_open` takes it; stays in place as long as the program runs.
  let table: UnsafePointer<shunt_kernel_table_t>

  static let all = KernelTables([
    shunt_kernels_portable, shunt_kernels_dsp, shunt_kernels_mve, shunt_kernels_neon,
  ])

  private init(_ sets: [shunt_kernel_table_t]) {
    kernels = sets.flatMap { set in (0..<Int(set.count)).compactMap { set.kernels[$0] } }
    let entries = UnsafeMutableBufferPointer<UnsafePointer<shunt_kernel_t>?>.allocate(
      capacity: kernels.count)
    _ = entries.initialize(from: kernels)
    let table = UnsafeMutablePointer<shunt_kernel_table_t>.allocate(capacity: 1)
    table.initialize(
      to: shunt_kernel_table_t(kernels: entries.baseAddress, count: UInt32(kernels.count)))
    self.table = UnsafePointer(table)
  }
}
