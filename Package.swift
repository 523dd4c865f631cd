// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

let package = Package(
  name: "shunt",
  products: [.executable(name: "shunt", targets: ["shunt"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The C that also runs on the boards. Its CMake twin is Firmware/CMakeLists.txt; a test compares
    // the two source lists.
    .target(
      name: "CShuntRuntime", path: "Firmware/runtime", exclude: ["kernels"], sources: ["source"],
      publicHeadersPath: "include"),
    .target(
      name: "CShuntKernelsPortable", dependencies: ["CShuntRuntime"],
      path: "Firmware/runtime/kernels/portable", publicHeadersPath: "include",
      cSettings: [.define("SHUNT_KERNEL_SET", to: "portable")]),
    .target(
      name: "CShuntKernelsDSP", dependencies: ["CShuntRuntime"],
      path: "Firmware/runtime/kernels/dsp", publicHeadersPath: "include",
      cSettings: [.define("SHUNT_KERNEL_SET", to: "dsp")]),
    .target(
      name: "CShuntKernelsMVE", dependencies: ["CShuntRuntime"],
      path: "Firmware/runtime/kernels/mve", publicHeadersPath: "include",
      cSettings: [.define("SHUNT_KERNEL_SET", to: "mve")]),
    .target(
      name: "CShuntKernelsNEON", dependencies: ["CShuntRuntime"],
      path: "Firmware/runtime/kernels/neon", publicHeadersPath: "include",
      cSettings: [.define("SHUNT_KERNEL_SET", to: "neon")]),
    .target(
      name: "CShuntLink", dependencies: ["CShuntRuntime"], path: "Firmware/link",
      sources: ["source"], publicHeadersPath: "include"),

    // Arithmetic of the host, for several instruction sets in one program.
    .target(
      name: "CMatrixKernels",
      cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),

    // System libraries.
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(
      name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),

    // The modules, in the order in which they may depend on each other (Docs/architecture.md).
    .target(name: "Digests", dependencies: ["CCrypto"]),
    .target(name: "TextTables"),
    .target(name: "TensorFiles"),
    .target(name: "ModelGraph", dependencies: ["Digests"]),
    .target(
      name: "SampleFiles", dependencies: ["TensorFiles", "Yams", "CPNG", "CTurboJPEG", "CSndFile"]),
    .target(
      name: "ModelImport",
      dependencies: [
        "ModelGraph", "TensorFiles", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .target(name: "GraphExecution", dependencies: ["ModelGraph", "CMatrixKernels"]),
    .target(name: "ModelExport", dependencies: ["ModelGraph"]),
    .target(
      name: "BlobFormat",
      dependencies: ["ModelGraph", "TensorFiles", "Digests", "TextTables", "CShuntRuntime"]),
    .target(
      name: "OperatorSupport",
      dependencies: ["ModelGraph", "ModelImport", "BlobFormat", "TextTables"]),
    .target(
      name: "HostRuntime",
      dependencies: [
        "BlobFormat", "CShuntRuntime", "CShuntKernelsPortable", "CShuntKernelsDSP",
        "CShuntKernelsMVE", "CShuntKernelsNEON",
      ]),
    .target(
      name: "Quantization",
      dependencies: ["TextTables", "ModelGraph", "GraphExecution", "BlobFormat", "CMatrixKernels"]),
    .target(name: "BoardSupport", dependencies: ["Digests", "Yams"]),
    .target(name: "CostModel", dependencies: ["BoardSupport"]),
    .target(
      name: "ProjectExport",
      dependencies: [
        "Digests", "TextTables", "ModelGraph", "BlobFormat", "BoardSupport",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(
      name: "DeviceLink", dependencies: ["CShuntLink", "CShuntRuntime", "CSerialPort"]),
    .target(name: "Flashing", dependencies: ["BoardSupport", "DeviceLink", "CShuntRuntime"]),
    .target(name: "PowerMeters", dependencies: ["DeviceLink", "CShuntLink"]),
    .target(
      name: "Benchmarking",
      dependencies: [
        "Digests", "TensorFiles", "SampleFiles", "ModelGraph", "ModelImport", "GraphExecution",
        "BlobFormat",
        "HostRuntime", "Quantization",
        "BoardSupport", "CostModel", "DeviceLink", "Flashing", "PowerMeters",
      ]),
    .target(
      name: "ResultStore",
      dependencies: ["Benchmarking", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(
      name: "Reporting",
      dependencies: [
        "Benchmarking", "BlobFormat", "GraphExecution", "Quantization", "TextTables",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .executableTarget(
      name: "shunt",
      dependencies: [
        "Digests", "TextTables", "TensorFiles", "SampleFiles", "ModelGraph", "ModelExport",
        "ModelImport", "GraphExecution", "Quantization", "BlobFormat", "HostRuntime",
        "OperatorSupport",
        "BoardSupport", "CostModel", "ProjectExport", "DeviceLink", "Flashing", "PowerMeters",
        "Benchmarking", "ResultStore", "Reporting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests: one target a module, shared helpers in TestSupport, the whole line in EndToEndTests.
    .target(
      name: "TestSupport", dependencies: ["ModelExport", "ModelGraph", "TensorFiles"],
      path: "Tests/TestSupport"),
    .target(
      name: "RecordFixtures", dependencies: ["Benchmarking"], path: "Tests/RecordFixtures"),
    .target(
      name: "OperatorVectorSurvey",
      dependencies: ["OperatorSupport", "ModelGraph", "TestSupport"],
      path: "Tests/OperatorVectorSurvey"),
    .executableTarget(
      name: "operators-tool",
      dependencies: ["OperatorSupport", "OperatorVectorSurvey", "TestSupport"],
      path: "Tools/operators"),
    .target(
      name: "ONNXNodeSurvey",
      dependencies: ["GraphExecution", "ModelImport", "ModelGraph", "TensorFiles", "TestSupport"],
      path: "Tests/ONNXNodeSurvey"),
    .executableTarget(
      name: "onnx-nodes-tool", dependencies: ["ONNXNodeSurvey", "TestSupport"],
      path: "Tools/onnx/tool"),
    .testTarget(name: "ONNXNodeTests", dependencies: ["ONNXNodeSurvey", "TestSupport"]),
    .executableTarget(
      name: "quantization-tool",
      dependencies: [
        "Quantization", "GraphExecution", "ModelImport", "ModelGraph", "BlobFormat", "HostRuntime",
        "TensorFiles",
      ],
      path: "Tools/quantization/tool"),
    .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
    .testTarget(name: "TextTablesTests", dependencies: ["TextTables"]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles", "TestSupport"]),
    .testTarget(
      name: "SampleFilesTests", dependencies: ["SampleFiles", "TensorFiles", "TestSupport"],
      exclude: ["Samples"]),
    .testTarget(name: "ModelGraphTests", dependencies: ["ModelGraph", "TestSupport"]),
    .testTarget(
      name: "GraphExecutionTests",
      dependencies: [
        "CMatrixKernels", "GraphExecution", "ModelImport", "ModelGraph", "TensorFiles",
        "TestSupport",
      ]),
    .testTarget(
      name: "QuantizationTests",
      dependencies: [
        "Quantization", "Digests", "GraphExecution", "BlobFormat", "HostRuntime", "ModelImport",
        "ModelGraph",
        "TensorFiles", "TestSupport",
      ]),
    .testTarget(
      name: "ModelImportTests",
      dependencies: ["ModelExport", "ModelImport", "ModelGraph", "TensorFiles", "TestSupport"]),
    .testTarget(
      name: "ModelExportTests",
      dependencies: ["ModelExport", "ModelImport", "ModelGraph", "TestSupport"]),
    .testTarget(
      name: "BlobFormatTests",
      dependencies: ["BlobFormat", "ModelImport", "ModelGraph", "CShuntRuntime", "TestSupport"]),
    .testTarget(
      name: "OperatorSupportTests",
      dependencies: [
        "OperatorSupport", "OperatorVectorSurvey", "BlobFormat", "ModelGraph", "ModelImport",
        "TestSupport",
      ]),
    .testTarget(
      name: "HostRuntimeTests",
      dependencies: [
        "HostRuntime", "BlobFormat", "ModelImport", "ModelGraph", "TensorFiles", "CShuntRuntime",
        "CShuntKernelsPortable", "TestSupport",
      ]),
    .testTarget(name: "BoardSupportTests", dependencies: ["BoardSupport", "TestSupport"]),
    .testTarget(
      name: "CostModelTests", dependencies: ["CostModel", "BoardSupport", "TestSupport"]),
    .testTarget(
      name: "ProjectExportTests",
      dependencies: [
        "ProjectExport", "Digests", "BlobFormat", "ModelImport", "BoardSupport", "TestSupport",
      ]),
    .target(
      name: "LinkFixtures", dependencies: ["DeviceLink", "CShuntRuntime"],
      path: "Tests/LinkFixtures"),
    .testTarget(
      name: "DeviceLinkTests",
      dependencies: ["DeviceLink", "CShuntLink", "LinkFixtures", "TestSupport"]),
    .testTarget(
      name: "FlashingTests",
      dependencies: ["Flashing", "BoardSupport", "DeviceLink", "LinkFixtures", "TestSupport"]),
    .testTarget(
      name: "PowerMetersTests", dependencies: ["PowerMeters", "DeviceLink", "TestSupport"]),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "Benchmarking", "PowerMeters", "RecordFixtures", "TensorFiles", "TestSupport",
      ]),
    .testTarget(
      name: "ResultStoreTests",
      dependencies: ["ResultStore", "Benchmarking", "RecordFixtures", "TestSupport"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Reporting", "Benchmarking", "RecordFixtures", "TestSupport"],
      exclude: ["Snapshots"]),
    // The agent in this process, as Tests/FirmwareTests runs it.
    .target(
      name: "CShuntAgent", dependencies: ["CShuntRuntime", "CShuntLink"], path: "Firmware",
      exclude: ["agent/source/main.c"], sources: ["agent/source", "ports/source/mark.c"],
      publicHeadersPath: "agent/include", cSettings: [.headerSearchPath("ports/include")]),
    .target(
      name: "CAgentHarness", dependencies: ["CShuntAgent", "CShuntRuntime", "CShuntLink"],
      path: "Tests/FirmwareTests", sources: ["harness.c", "test_port.c", "test_blob.c"],
      cSettings: [.headerSearchPath("."), .headerSearchPath("../../Firmware/ports/include")]),
    .target(
      name: "FuzzTargets",
      dependencies: [
        "TensorFiles", "SampleFiles", "ModelGraph", "ModelImport", "BlobFormat", "HostRuntime",
        "BoardSupport", "CostModel", "DeviceLink", "PowerMeters", "CShuntRuntime", "CAgentHarness",
        "LinkFixtures", "TestSupport",
      ],
      path: "Tests/FuzzTargets"),
    .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "TestSupport"]),
    .executableTarget(
      name: "fuzz-tool",
      dependencies: [
        "TensorFiles", "ModelImport", "BlobFormat", "HostRuntime", "Benchmarking", "FuzzTargets",
        "TestSupport",
      ],
      path: "Tools/fuzz/tool"),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "TensorFiles", "ModelExport", "ModelImport", "ModelGraph", "BlobFormat", "HostRuntime",
        "BoardSupport",
        "DeviceLink", "Flashing", "Benchmarking", "ProjectExport", "TestSupport", "shunt",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

// The fuzzers' engine needs libFuzzer, so that it can only be linked as Tools/fuzz/run.sh does.
if ProcessInfo.processInfo.environment["SHUNT_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tools/fuzz/libfuzzer"),
    .executableTarget(
      name: "shunt-fuzz", dependencies: ["FuzzTargets", "CLibFuzzer"], path: "Tools/fuzz/engine"),
  ]
}

// Numerical loops are optimized in debug builds too; unoptimized they would take minutes.
let numericalModules: Set = ["GraphExecution", "Quantization", "BlobFormat"]

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  if numericalModules.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-O"], .when(configuration: .debug)))
  }
}
