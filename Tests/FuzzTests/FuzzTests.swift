// SPDX-License-Identifier: Apache-2.0
import Foundation
import FuzzTargets
import TestSupport
import Testing

/// Every reader of untrusted bytes, for a moment. What a trap leaves behind in the folder of
/// temporary files is the input that caused it.
@Suite("Fuzzing", .serialized)
struct FuzzTests {
  private static let executions = 2000

  @Test("findings of earlier fuzzing stay mended", arguments: FuzzTarget.allCases)
  func findings(target: FuzzTarget) throws {
    let folder = PackageRoot.url.appendingPathComponent("Tests/FuzzCorpus/\(target.rawValue)")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names.sorted() {
      let bytes = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
      try run(target, bytes)
    }
  }

  @Test("seeds, whole and spoilt, neither trap nor break a promise", arguments: FuzzTarget.allCases)
  func mutations(target: FuzzTarget) throws {
    let seeds = FuzzSeeds(root: PackageRoot.url).seeds(of: target)
      .sorted { $0.key < $1.key }.map(\.value)
    try #require(!seeds.isEmpty)
    var mutator = ByteMutator(seed: 1)
    for seed in seeds { try run(target, seed) }
    for index in 0..<Self.executions {
      let other = seeds[(index / seeds.count) % seeds.count]
      try run(target, mutator.mutate(seeds[index % seeds.count], with: other))
    }
  }

  /// Leaves the input in a file as long as its target runs.
  private func run(_ target: FuzzTarget, _ bytes: [UInt8]) throws {
    let file = try #require(Self.lastInput)
    _ = ftruncate(file, 0)
    _ = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
    target.run(bytes)
  }

  private static let lastInput: Int32? = {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("shunt-fuzz-last")
    let file = open(path.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    return file < 0 ? nil : file
  }()
}
