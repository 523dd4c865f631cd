// SPDX-License-Identifier: Apache-2.0
import Benchmarking

/// The steps of a depthwise-separable keyword spotter.
enum ExampleSteps {
  static func keywordSpotting(cycles: Double) -> [StepRecord] {
    var kinds = [("conv2d", 320_000, "stem")]
    for block in 1...4 {
      kinds.append(("depthwise_conv2d", 72_000, "block\(block)/depthwise"))
      kinds.append(("conv2d", 512_000, "block\(block)/pointwise"))
    }
    kinds += [("average_pool2d", 0, "pool"), ("fully_connected", 768, "classifier")]
    let weights = kinds.map { Double($0.1) * ($0.0 == "depthwise_conv2d" ? 2.4 : 1) + 9_000 }
    let total = weights.reduce(0, +)
    return kinds.enumerated().map { index, kind in
      let share = weights[index] / total
      return StepRecord(
        index: index, kind: kind.0, name: kind.2, sourceOperators: [index],
        kernel: "\(kind.0)_s8_portable", outputShape: index < 9 ? [1, 25, 5, 64] : [1, 12],
        macs: kind.1, instructions: (share * cycles * 0.655).rounded(),
        cycles: (share * cycles).rounded(), arenaBytes: index == 0 ? 8_490 : 16_000)
    }
  }

  /// Two buffers that alternate, as a planner places them.
  static var arenaMap: [ArenaItem] {
    var items = [ArenaItem(name: "input", offset: 8_000, bytes: 490, firstStep: 0, lastStep: 0)]
    for step in 0..<9 {
      items.append(
        ArenaItem(
          name: step == 0 ? "stem" : "activation \(step)", offset: step % 2 * 8_000, bytes: 8_000,
          firstStep: step, lastStep: step + 1))
    }
    items.append(ArenaItem(name: "pooled", offset: 8_000, bytes: 64, firstStep: 9, lastStep: 10))
    items.append(ArenaItem(name: "logits", offset: 0, bytes: 12, firstStep: 10, lastStep: 10))
    items.append(ArenaItem(name: "scratch", offset: 8_064, bytes: 256, firstStep: 10, lastStep: 10))
    return items
  }
}
