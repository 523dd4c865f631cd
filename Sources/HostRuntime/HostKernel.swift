// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A kernel that the runtime on this machine contains.
public struct HostKernel: Hashable, Sendable {
  /// The kernel's number in blobs, `shunt_kernel_id_t`.
  public let id: Int

  /// The number of the set that it belongs to, `shunt_kernel_set_t`.
  public let set: Int

  /// The version of the parameter layout that it reads.
  public let version: Int

  /// Its name, such as "conv2d_s8".
  public let name: String

  /// All kernels of this build, in the order of the runtime's table.
  public static var available: [HostKernel] {
    KernelTables.all.kernels.map { kernel in
      let kernel = kernel.pointee
      return HostKernel(
        id: Int(kernel.id), set: Int(kernel.set), version: Int(kernel.version),
        name: String(cString: kernel.name))
    }
  }
}
