// SPDX-License-Identifier: Apache-2.0

/// The portable set: weights as the graph has them.
struct PortableTarget: KernelTarget {
  var set: KernelSet { .portable }

  func form(of layer: LayerMaterial) -> TargetForm? { nil }
}
