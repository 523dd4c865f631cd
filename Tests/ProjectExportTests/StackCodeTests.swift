// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProjectExport

@Suite struct StackCodeTests {
  @Test(
    "bytes that an instruction takes of the stack",
    arguments: [
      ("push", "{r4, r5, lr}", 12), ("push.w", "{r4, r5, r6, r7, r8, lr}", 24),
      ("stmdb", "sp!, {r4, r5}", 8), ("sub", "sp, #16", 16), ("sub.w", "sp, sp, #264", 264),
      ("str.w", "lr, [sp, #-4]!", 4), ("strd", "r4, r5, [sp, #-16]!", 16),
      ("vpush", "{d8, d9}", 16), ("add", "sp, #16", 0), ("str", "r0, [sp, #4]", 0),
      ("sub", "r0, #16", 0),
    ])
  func instructions(_ operation: String, _ operands: String, _ bytes: Int) {
    #expect(LibraryCode.bytesTaken(by: operation, operands) == bytes)
  }

  private static func object(_ graph: String) -> ObjectCode {
    var code = ObjectCode()
    code.addCallGraph(graph)
    return code
  }

  @Test("the deepest path counts frames, library calls and what stands behind pointers")
  func depths() throws {
    var shared = Self.object(
      """
      node: { title: "shared" label: "shared\\nx.c:1:1\\n24 bytes (static)" }
      edge: { sourcename: "shared" targetname: "__indirect_call" label: "x.c:1:1" }
      """)
    shared.addRelocation(
      section: ".text.shared", type: "R_ARM_THM_CALL", value: "__aeabi_idiv", functions: [])
    var kernel = Self.object(
      """
      node: { title: "k.c:run" label: "run\\nk.c:1:1\\n8 bytes (static)" }
      node: { title: "k.c:check" label: "check\\nk.c:2:1\\n16 bytes (static)" }
      node: { title: "k.c:mean" label: "mean\\nk.c:3:1\\n40 bytes (static)" }
      edge: { sourcename: "k.c:run" targetname: "shared" label: "k.c:1:1" }
      """)
    let functions: Set<String> = ["run", "check", "mean", "shared"]
    for (section, value) in [
      (".rodata.shunt_k", "check"), (".rodata.shunt_k", "run"), (".text.run", "mean"),
    ] {
      kernel.addRelocation(
        section: section, type: "R_ARM_ABS32", value: value, functions: functions)
    }
    let library = LibraryCode(
      disassembly: """
        00000100 <__aeabi_idiv>:
             100:\tpush\t{r4, lr}
             102:\tbl\t200 <__helper>
             106:\tpop\t{r4, pc}

        00000200 <__helper>:
             200:\tsub\tsp, #60
        """)
    let graph = CallGraph(
      objects: [shared, kernel], library: library, addresses: ["__aeabi_idiv": 0x101])
    let (check, run) = try graph.kernel("shunt_k")
    #expect(try graph.depth(of: check.function, in: check.object) == 16)
    // run 8, shared 24, then the library's 8 + 60 rather than mean's 40
    #expect(try graph.depth(of: run.function, in: run.object) == 8 + 24 + 68)
  }

  @Test("a function that calls itself, or whose frame has no limit, has no depth")
  func unknownDepths() {
    let recursive = Self.object(
      """
      node: { title: "a" label: "a\\nx.c:1:1\\n8 bytes (static)" }
      node: { title: "b" label: "b\\nx.c:1:1\\n8 bytes (static)" }
      edge: { sourcename: "a" targetname: "b" label: "x.c:1:1" }
      edge: { sourcename: "b" targetname: "a" label: "x.c:1:1" }
      node: { title: "c" label: "c\\nx.c:1:1\\n8 bytes (dynamic)" }
      """)
    let graph = CallGraph(
      objects: [recursive], library: LibraryCode(disassembly: ""), addresses: [:])
    #expect(throws: ProjectExportError.stackUnknown(function: "a", reason: "it calls itself")) {
      try graph.depth(of: "a")
    }
    #expect(throws: ProjectExportError.self) { try graph.depth(of: "c") }
    #expect(throws: ProjectExportError.self) { try graph.depth(of: "missing") }
  }
}
