// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import CostModel
internal import DeviceLink
public import Foundation
internal import ModelImport
internal import TestSupport

/// Good inputs from which fuzzing starts, made from what stands in the tree: an operator is fuzzed as
/// soon as it has a vector, a board as soon as it has a definition.
public struct FuzzSeeds {
  private let root: URL

  /// Seeds from the package at `root`.
  public init(root: URL) { self.root = root }

  /// The seeds of a target, by name.
  public func seeds(of target: FuzzTarget) -> [String: [UInt8]] {
    switch target {
    case .tflite, .compile: models
    case .onnx: ONNXSamples.all
    case .blob: blobs
    case .frames: frames
    case .session: sessions
    case .boards: definitions
    case .inputsYAML: text(["scale: 0.5847029\nzero_point: 83\n", "---\n# c\nscale: 1e-3 # d\n"])
    case .npy: arrays
    case .images: samples(".png").merging(samples(".jpg")) { first, _ in first }
    case .sounds: samples(".wav")
    case .preprocessing:
      text([
        "layout: nchw\ncolors: bgr\nfit: crop\nscale: 0.0039\nmean: [0.4, 0.5, 0.6]\nstd: 0.2\n",
        "sample_rate_hz: 16000 # d\n",
      ])
    case .labels:
      text(["row,name,label,split\n0,a,1,test\n1,\"b,\"\"c\",0,calib\n", "label,row\n3,2\r\n"])
    case .counters: ["records": counters]
    case .traces: text(Self.traces)
    case .energyRunner: ["three windows": energyRunner]
    case .probe: ["recording": probe]
    }
  }

  /// Each call, the answers right, lost and damaged, and a reset.
  private var sessions: [String: [UInt8]] {
    var seeds: [String: [UInt8]] = [:]
    for call in UInt8(0)..<22 {
      seeds["right-\(call)"] = [call]
      seeds["lossy-\(call)"] = [call, 0, 0, 1, 0, 12, 7, 1, 0, 10]
      seeds["reset-\(call)"] = [call, 0, 0, 0, 13]
    }
    return seeds
  }

  private func samples(_ suffix: String) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: files(below: "Tests/SampleFilesTests/Samples", suffix: suffix)
        .map { ($0.lastPathComponent, bytes($0)) })
  }

  private func text(_ texts: [String]) -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: texts.enumerated().map { ("\($0)", Array($1.utf8)) })
  }

  private func files(below folder: String, suffix: String) -> [URL] {
    let start = root.appendingPathComponent(folder)
    let walker = FileManager.default.enumerator(atPath: start.path)
    var files: [URL] = []
    while let name = walker?.nextObject() as? String {
      if name.hasSuffix(suffix) { files.append(start.appendingPathComponent(name)) }
    }
    return files.sorted { $0.path < $1.path }
  }

  private func bytes(_ file: URL) -> [UInt8] {
    (try? Data(contentsOf: file)).map { Array($0) } ?? []
  }
}

extension FuzzSeeds {
  /// Larger seeds would slow everything down.
  private static let largest = 6000
  private static let perFolder = 3

  /// The smallest models of every folder of vectors, and the smallest one for each kernel that these
  /// do not need.
  private var models: [String: [UInt8]] {
    let files = files(below: "Tests/Vectors/operators", suffix: ".tflite")
    let chosen = smallest(files)
    let others = named(files).filter { chosen[$0.name] == nil && $0.bytes.count <= Self.largest }
    var kernels = Set(chosen.values.flatMap { packed($0)?.kernels ?? [] })
    let missing = others.filter { _, bytes in
      let needed = packed(bytes)?.kernels ?? []
      defer { kernels.formUnion(needed) }
      return !kernels.isSuperset(of: needed)
    }
    return chosen.merging(missing) { first, _ in first }
  }

  /// The models' blobs for every set that has kernels for them.
  private var blobs: [String: [UInt8]] {
    var seeds: [String: [UInt8]] = [:]
    for (name, model) in models {
      for set in KernelSet.allCases {
        guard let blob = packed(model, set) else { continue }
        if blob.kernels.contains(where: { $0.hasSuffix("_\(set.rawValue)") }) {
          seeds["\(name)-\(set.rawValue)"] = blob.bytes
        }
      }
    }
    return seeds
  }

  private var arrays: [String: [UInt8]] {
    smallest(files(below: "Tests/Vectors/operators", suffix: ".npy"))
  }

  private func smallest(_ files: [URL]) -> [String: [UInt8]] {
    let folders = Dictionary(grouping: files) { $0.deletingLastPathComponent() }
    var seeds: [String: [UInt8]] = [:]
    for files in folders.values {
      for (name, bytes) in named(files).prefix(Self.perFolder) where bytes.count <= Self.largest {
        seeds[name] = bytes
      }
    }
    return seeds
  }

  /// The files' contents, small ones first, and names with their folders.
  private func named(_ files: [URL]) -> [(name: String, bytes: [UInt8])] {
    files.map { file in
      let folder = file.deletingLastPathComponent().lastPathComponent
      return (name: "\(folder)-\(file.lastPathComponent)", bytes: bytes(file))
    }
    .sorted { ($0.bytes.count, $0.name) < ($1.bytes.count, $1.name) }
  }

  private func packed(_ model: [UInt8], _ set: KernelSet = .portable) -> PackedBlob? {
    guard let graph = try? TFLiteReader.graph(from: model, name: "seed") else { return nil }
    return try? BlobPacker.pack(graph, options: PackOptions(kernelSet: set))
  }

  /// Every definition, under the name that the check expects.
  private var definitions: [String: [UInt8]] {
    var seeds: [String: [UInt8]] = [:]
    for file in files(below: "Boards", suffix: ".yaml") {
      let lines = String(decoding: bytes(file), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.hasPrefix("#") }
        .map { line in
          line.hasPrefix("id:")
            ? "id: fuzz" : line.hasPrefix("soc:") ? "soc: fuzz" : String(line)
        }
      seeds[file.lastPathComponent] = Array(lines.joined(separator: "\n").utf8)
    }
    return seeds
  }

  private var frames: [String: [UInt8]] {
    let payloads: [[UInt8]] = [[], [1, 2, 0, 3], [UInt8](repeating: 7, count: 300)]
    let encoded = payloads.enumerated().map { index, payload in
      let frame = Frame(
        type: .response, command: 5, sequence: UInt16(index), session: 7, payload: payload)
      return (try? frame.encoded()) ?? []
    }
    return [
      "short": encoded[0], "text between": encoded[1] + Array("hello\r\n".utf8) + encoded[0],
      "long": encoded[2],
    ]
  }
}

extension FuzzSeeds {
  /// Start, two marks and an end, counters growing.
  private var counters: [UInt8] {
    let marks: [UInt32] = [0xfffe, 1, 2, 0xffff]
    let count = InstructionCounts.counterCount
    var bytes: [UInt8] = []
    for (index, mark) in marks.enumerated() {
      bytes += Self.little(0x5348_0000 | mark) + Self.little(UInt32(count))
      for _ in 0..<count { bytes += Self.little(UInt32(index)) + Self.little(0) }
    }
    return bytes
  }

  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }

  private static let traces = [
    """
    # comment
    time_s,current_a,voltage_v,phase
    0,0.01,1.8,baseline
    0.001,0.01,1.8,baseline
    0.002,0.02,1.8,inference
    0.003,0.02,1.8,between
    0.004,0.02,1.8,1
    0.005,0.01,1.8,3
    0.006,0.01,1.8,idle
    """,
    "voltage_v,time_s,current_a\r\n3,0,1e-2\r\n3,1,1e-2\r\n",
    """
    [{"infer": {"iterations": 4}, "power": {"samples": [1e-6, 2e-6, 2e-6, 1e-6],
    "timestamps": [["00", 1], ["01", 3]]}}, {}]
    """,
  ]

  private var energyRunner: [UInt8] {
    let log = """
      Energy data for window 1 at time 0.2 for 0.4 sec.
      Energy       : 12.5 uJ
      Performance results for window 1
      # Inferences : 10
      """
    let energies: [Float] = [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    var bytes: [UInt8] = Array("[0.2, 0.6]".utf8) + [0xFF]
    bytes += Array(log.utf8) + [0xFF, 0xF1]
    for energy in energies { bytes += Self.little(energy.bitPattern) }
    return bytes
  }

  private var probe: [UInt8] {
    let fields: [UInt32] = [1_000_000, 100, 10_000, 100_000, 100, 100, 100, 100, 100, 10, 5, 1]
    let names: [UInt8] = [1, 65, 1, 66, 1, 67, 1, 68]
    let identity: [UInt8] = fields.flatMap(Self.little) + names
    let scale = [UInt32(100), 5000, 1_250_000_000].flatMap(Self.little)
    func event(_ command: UInt8, _ payload: [UInt8]) -> [UInt8] {
      [command, UInt8(payload.count)] + payload
    }
    func samples(from index: UInt32) -> [UInt8] {
      var payload = Self.little(index) + Self.little(0)
      payload += [2, 0, 0, 0]
      for shunt: UInt32 in [500, 501] {
        payload += Self.little(shunt)
        payload += [160, 5]
      }
      return event(0x10, payload)
    }
    func edge(at tick: UInt32, _ pins: UInt8) -> [UInt8] {
      let time: [UInt8] = Self.little(tick) + Self.little(0)
      return event(0x11, time + [pins, 0, 0, 0])
    }
    var bytes: [UInt8] = [UInt8(identity.count)]
    bytes += identity + scale
    bytes += samples(from: 0) + edge(at: 100, 1)
    bytes += samples(from: 2) + edge(at: 300, 0)
    return bytes + samples(from: 8)
  }
}
