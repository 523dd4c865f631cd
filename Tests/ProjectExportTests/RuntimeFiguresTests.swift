// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import ModelImport
import TestSupport
import Testing

@testable import BlobFormat
@testable import ProjectExport

@Suite(.serialized) struct RuntimeFiguresTests {
  static let resources = ResourceRoot(folder: PackageRoot.url.path)

  /// A blob of the demo model that claims to need other kernels.
  private static func document(kernels: [KernelKind]) throws -> BlobDocument {
    let path = PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path
    let packed = try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: path), options: PackOptions())
    var document = try Blob.parse(packed.bytes)
    document.kernels = kernels.map {
      BlobKernel(kind: $0, code: $0.code, set: .portable, version: 1, name: $0.rawValue)
    }
    return document
  }

  @Test(
    "the runtime takes at most 1 KB of stack, any kernel at most 512 bytes",
    .enabled(if: Toolchain(core: "cortex-m4").isInstalled, "arm-none-eabi-gcc is not installed"),
    arguments: ["cortex-m0", "cortex-m4", "cortex-m55"])
  func stackLimits(_ core: String) throws {
    let figures = try RuntimeMeasurement(resources: Self.resources)
      .figures(for: try Self.document(kernels: KernelKind.allCases), core: core)
    #expect(figures.stack.runtimeBytes <= 1024)
    #expect(figures.stack.kernels.count == KernelKind.allCases.count)
    for (kernel, bytes) in figures.stack.kernels {
      #expect(bytes > 0 && bytes <= 512, "\(kernel): \(bytes)")
    }
    // Runtime and its deepest kernel, one below the other.
    #expect(figures.stack.runBytes > (figures.stack.kernels.values.max() ?? 0))
    #expect(figures.stack.openBytes >= figures.stack.runtimeBytes)
  }

  @Test(
    "runtime and the kernel of a small dense network take less than 4 KB of flash on Cortex-M0",
    .enabled(if: Toolchain(core: "cortex-m4").isInstalled, "arm-none-eabi-gcc is not installed"))
  func flashLimit() throws {
    let figures = try RuntimeMeasurement(resources: Self.resources)
      .figures(for: try Self.document(kernels: [.fullyConnected]), core: "cortex-m0")
    #expect(figures.runtimeFlashBytes < 4096)
  }

  @Test("every kernel's sources are found, and no other kernel's", arguments: KernelKind.allCases)
  func sources(_ kind: KernelKind) throws {
    let kernels = try Self.document(kernels: [kind]).kernels
    let files = try RuntimeSelector.files(
      for: kernels, root: Self.resources.path("Firmware/runtime"))
    #expect(files.publicHeaders == ["include/shunt.h", "include/shunt_blob.h"])
    let sources = try #require(files.kernelSources["portable"])
    let definitions = try sources.filter { source in
      try String(contentsOfFile: Self.resources.path("Firmware/runtime/\(source)"), encoding: .utf8)
        .contains("const shunt_kernel_t SHUNT_KERNEL_SYMBOL(")
    }
    #expect(definitions.count == 1)
    #expect(!sources.contains("kernels/portable/kernels_portable.c"))
  }

  @Test("a kernel that this version does not know is refused by name")
  func unknownKernel() throws {
    var document = try Self.document(kernels: [])
    document.kernels = [
      BlobKernel(kind: nil, code: 999, set: .portable, version: 1, name: "../../../etc/passwd")
    ]
    #expect(throws: ProjectExportError.self) {
      try ProjectExporter(resources: Self.resources, tool: "shunt 0")
        .project(for: document, blob: [], name: "x", figures: [])
    }
  }

  @Test("names from the model reach no comment's end, no macro and no path")
  func hostileNames() throws {
    let path = PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path
    let packed = try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: path), options: PackOptions())
    var document = try Blob.parse(packed.bytes)
    document.inputs[0].name = "x*/\n#error \\\n|`$(rm)`"
    let project = try ProjectExporter(resources: Self.resources, tool: "shunt 0")
      .project(for: document, blob: packed.bytes, name: "a\nb \\", figures: [])
    for name in ["include/shunt_model.h", "README.md", "example/main.c", "CMakeLists.txt"] {
      let text = String(decoding: try #require(project.files[name]), as: UTF8.self)
      #expect(!text.contains("#error") && !text.contains("$(rm)"), "\(name)")
      #expect(!text.contains("a\nb"))
    }
  }

  @Test("the same blob gives the same project")
  func deterministic() throws {
    let document = try Self.document(kernels: [.conv2D, .softmax])
    let exporter = ProjectExporter(resources: Self.resources, tool: "shunt 0")
    #expect(
      try exporter.project(for: document, blob: [1], name: "x", figures: [])
        == exporter.project(for: document, blob: [1], name: "x", figures: []))
  }
}
