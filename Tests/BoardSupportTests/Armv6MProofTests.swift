// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import TestSupport
import Testing

/// The check by which the build of a Cortex-M0 image fails if another core's instruction is in it.
@Suite struct Armv6MProofTests {
  /// Assembles a function for a core and has the check judge the program.
  private func judge(_ body: String, core: String) throws -> Subprocess.Result {
    let folder = try TemporaryFolder()
    let source = folder.url.appendingPathComponent("program.s").path
    let program = folder.url.appendingPathComponent("program.elf").path
    try """
    .syntax unified
    .cpu \(core)
    .thumb
    .global suspect
    .thumb_func
    .type suspect, %function
    suspect:
    \(body)
    bx lr
    .align 2
    .word 0xfb90f0f1 @ a constant that looks like a division
    .size suspect, . - suspect

    """.write(toFile: source, atomically: true, encoding: .utf8)
    let built = try Subprocess.run(
      "arm-none-eabi-gcc", ["-nostdlib", "-Wl,-e,suspect", "-o", program, source],
      package: "gcc-arm-none-eabi")
    try #require(built.status == 0, "\(built.output)")
    return try Subprocess.run(
      "cmake",
      [
        "-DELF=\(program)", "-DOBJDUMP=arm-none-eabi-objdump", "-P",
        BoardCatalogTests.root.path("Firmware/cmake/require_armv6m.cmake"),
      ], package: "cmake")
  }

  static let armv6m = [
    "bl suspect", "dmb", "dsb", "isb", "mrs r0, primask", "msr primask, r0", "cpsid i", "cpsie i",
    "nop", "wfi", "muls r0, r1, r0", "rev r0, r1", "revsh r0, r1", "uxtb r0, r1", "push {r4, lr}",
    "ldm r0!, {r1, r2}", "mov r8, r0", "blx r3", "bkpt 1", "udf 1", "svc 1", "ldrsh r0, [r1, r2]",
  ]

  @Test("every instruction of Armv6-M passes", arguments: armv6m)
  func passes(_ instruction: String) throws {
    let result = try judge(instruction, core: "cortex-m0")
    #expect(result.status == 0, "\(result.output)")
  }

  static let others = [
    ("udiv r0, r0, r1", "cortex-m3"), ("cbz r0, suspect_end\nnop\nsuspect_end:", "cortex-m3"),
    ("it eq\nmoveq r0, r1", "cortex-m3"), ("movw r0, 1234", "cortex-m3"),
    ("b.w suspect", "cortex-m3"), ("ldr.w r0, [r1, 2000]", "cortex-m3"),
    ("umull r0, r1, r2, r3", "cortex-m3"), ("ldrd r0, r1, [r2]", "cortex-m3"),
    ("bfi r0, r1, 1, 3", "cortex-m3"), ("clz r0, r1", "cortex-m3"),
    ("mrs r0, basepri\nldrex r0, [r1]", "cortex-m3"), ("smlad r0, r1, r2, r3", "cortex-m4"),
    ("vadd.f32 s0, s1, s2", "cortex-m4\n.fpu fpv4-sp-d16"), ("tbb [pc, r0]", "cortex-m3"),
    ("clrex", "cortex-m3"), ("nop.w", "cortex-m3"),
  ]

  @Test("any other instruction is refused with symbol and instruction", arguments: others)
  func refuses(_ instruction: String, _ core: String) throws {
    let result = try judge(instruction, core: core)
    #expect(result.status != 0)
    #expect(result.output.contains("suspect"))
    #expect(result.output.contains("not an"), "\(result.output)")
  }
}
