// SPDX-License-Identifier: Apache-2.0
import FuzzTargets
import Testing

/// The agent's C code at the end of lines with faults; `make fuzz` does it for 10^6 frames.
@Suite("Line endurance")
struct LineEnduranceTests {
  @Test("nothing wrong goes undetected, and every call ends by its deadline with a clear error")
  func endures() {
    var endurance = LineEndurance(seed: 1)
    let figures = endurance.run(frames: 10_000)
    #expect(figures.violations == [])
    #expect(figures.frames >= 10_000)
    #expect(figures.completed > 500)
    #expect(figures.comparedBytes > 100_000)
    for fault in ["dropped", "duplicated", "flipped", "reordered", "delayed", "split"] {
      #expect(figures.faults[fault, default: 0] > 50, "\(fault)")
    }
    #expect(!figures.failed.isEmpty, "a line so bad fails at times")
  }
}
