// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import TestSupport
import Testing

/// Code for a Cortex-M0 that a Cortex-M3 executes must fault where a Cortex-M0 would.
@Suite struct UnalignedAccessTests {
  /// Loads a word from an address and says by semihosting whether it was reached (exit 0) or a fault was
  /// taken (exit 1), behind the start-up code of all Cortex-M boards.
  static let program = """
    #include "shunt_firmware.h"
    #include "shunt_port.h"
    enum { EXIT = 0x18, GOOD = 0x20026, BAD = 0x20023 };
    static _Noreturn void leave(uint32_t reason) {
        register uint32_t r0 __asm("r0") = EXIT;
        register uint32_t r1 __asm("r1") = reason;
        __asm volatile("bkpt 0xab" ::"r"(r0), "r"(r1) : "memory");
        for (;;) {
        }
    }
    _Noreturn void shunt_port_reset(void) { leave(BAD); }
    _Noreturn void shunt_firmware_main(void) {
        static uint32_t words[2];
        const uint8_t *address = (const uint8_t *)words + OFFSET;
        uint32_t word;
        __asm volatile("ldr %0, [%1]" : "=r"(word) : "r"(address) : "memory");
        leave(GOOD);
    }
    """

  /// Builds the program for a core and runs it on the emulated Cortex-M3.
  private func exitStatus(core: String, offset: Int) throws -> Int32 {
    let folder = try TemporaryFolder()
    let ports = PackageRoot.url.appendingPathComponent("Firmware/ports").path
    let source = folder.url.appendingPathComponent("program.c").path
    let script = folder.url.appendingPathComponent("link.ld").path
    let image = folder.url.appendingPathComponent("program.elf").path
    try Self.program.write(toFile: source, atomically: true, encoding: .utf8)
    var text = try String(contentsOfFile: ports + "/cortex-m/link.ld.in", encoding: .utf8)
    for (name, value) in [
      ("BOARD_ID", "test"), ("CODE_ORIGIN", "0"), ("CODE_BYTES", "0x10000"),
      ("RAM_ORIGIN", "0x20000000"), ("RAM_BYTES", "0x10000"), ("STACK_BYTES", "1024"),
    ] {
      text = text.replacingOccurrences(of: "@SHUNT_\(name)@", with: value)
    }
    try text.write(toFile: script, atomically: true, encoding: .utf8)
    let built = try Subprocess.run(
      "arm-none-eabi-gcc",
      [
        "-mcpu=\(core)", "-mthumb", "-O2", "-nostartfiles", "-T\(script)", "-DOFFSET=\(offset)",
        "-fno-tree-loop-distribute-patterns", "-Wl,--no-warn-rwx-segments", "-I\(ports)/include",
        "-o", image, source, ports + "/cortex-m/startup.c",
      ], package: "gcc-arm-none-eabi")
    try #require(built.status == 0, "\(built.output)")
    return try Subprocess.run(
      "qemu-system-arm",
      [
        "-M", "mps2-an385", "-kernel", image, "-display", "none", "-monitor", "none", "-serial",
        "none", "-semihosting",
      ], package: "qemu-system-arm"
    ).status
  }

  @Test("code for a Cortex-M0 faults at an unaligned access, and only there")
  func faults() throws {
    #expect(try exitStatus(core: "cortex-m0", offset: 0) == 0)
    #expect(try exitStatus(core: "cortex-m0", offset: 1) == 1)
    #expect(try exitStatus(core: "cortex-m0", offset: 2) == 1)
  }

  @Test("code for a Cortex-M3 does not: the machine itself would allow it")
  func allowedByTheMachine() throws {
    #expect(try exitStatus(core: "cortex-m3", offset: 1) == 0)
  }
}
