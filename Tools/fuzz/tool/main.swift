// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import FuzzTargets
internal import TestSupport

// fuzz-tool seeds FOLDER         writes the seeds of every fuzz target to FOLDER/TARGET/
// fuzz-tool cases FOLDER         writes every operator vector, packed, for case_check
// fuzz-tool line FRAMES [SEED]   drives the agent over lines with faults, for so many frames

private func fail(_ message: String) -> Never {
  FileHandle.standardError.write(Data("fuzz-tool: \(message)\n".utf8))
  exit(2)
}

private func writeSeeds(to folder: URL) throws {
  let seeds = FuzzSeeds(root: PackageRoot.url)
  for target in FuzzTarget.allCases {
    let place = folder.appendingPathComponent(target.rawValue)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for (name, bytes) in seeds.seeds(of: target) {
      try Data(bytes).write(to: place.appendingPathComponent(name))
    }
  }
}

private func list(_ counts: [String: Int]) -> String {
  counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
}

/// Returns whether nothing was wrong.
private func endure(frames: Int, seed: UInt64) -> Bool {
  var endurance = LineEndurance(seed: seed)
  let figures = endurance.run(frames: frames)
  print("\(figures.frames) frames, seed \(seed): \(list(figures.faults))")
  print("interruptions: \(list(figures.interruptions))")
  print("calls: \(figures.completed) completed; failed: \(list(figures.failed))")
  print("\(figures.comparedBytes) bytes compared, \(figures.violations.count) violations")
  for violation in figures.violations { print("  \(violation)") }
  return figures.violations.isEmpty
}

private let words = Array(CommandLine.arguments.dropFirst())
switch (words.first, words.count) {
case ("seeds", 2):
  do {
    try writeSeeds(to: URL(fileURLWithPath: words[1]))
  } catch {
    fail("\(words[1]): \(error.localizedDescription)")
  }
case ("cases", 2):
  do {
    print("\(try CaseWriter(folder: URL(fileURLWithPath: words[1])).write()) cases")
  } catch {
    fail("\(words[1]): \(error)")
  }
case ("line", 2...3):
  guard let frames = Int(words[1]), frames > 0, let seed = UInt64(words.count > 2 ? words[2] : "1")
  else { fail("'\(words[1])' is no number of frames") }
  exit(endure(frames: frames, seed: seed) ? 0 : 1)
default: fail("usage: fuzz-tool seeds FOLDER | cases FOLDER | line FRAMES [SEED]")
}
