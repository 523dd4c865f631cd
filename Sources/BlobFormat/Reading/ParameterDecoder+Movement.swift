// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Kernels that move elements.
extension ParameterDecoder {
  /// The blocks of `move`, as far as they are whole.
  func move() -> [KernelParameter] {
    var result: [KernelParameter] = []
    var position = range.lowerBound
    var index = 0
    let headBytes = MemoryLayout<shunt_move_block_t>.size
    let loopBytes = MemoryLayout<shunt_move_loop_t>.size
    while position + headBytes <= range.upperBound,
      let block = record(shunt_move_block_t.self, at: position)
    {
      position += headBytes
      let prefix = "block_\(index)"
      index += 1
      result.append(
        block.fill_bytes == 0
          ? KernelParameter(
            prefix, Int(block.input), Int(block.output), Int(block.run_bytes),
            Int(block.in_start), Int(block.out_start))
          : KernelParameter(
            prefix + "_fill", Int(block.output), Int(block.run_bytes), Int(block.in_start),
            Int(block.out_start)))
      for _ in 0..<block.loops {
        guard position + loopBytes <= range.upperBound,
          let loop = record(shunt_move_loop_t.self, at: position)
        else { return result }
        position += loopBytes
        result.append(
          KernelParameter(
            prefix + "_loop", Int(loop.count), Int(loop.in_stride), Int(loop.out_stride)))
      }
    }
    return result
  }

  /// The loops of `gather`.
  func gather(_ p: shunt_gather_params_t) -> [KernelParameter] {
    let loops = [p.loop.0, p.loop.1, p.loop.2, p.loop.3, p.loop.4, p.loop.5]
    return [KernelParameter("run_bytes", p.run_bytes)]
      + loops.prefix(Int(clamping: p.loops)).enumerated().map { index, loop in
        KernelParameter("loop_\(index)", loop.count, loop.stride, loop.table)
      }
  }
}
