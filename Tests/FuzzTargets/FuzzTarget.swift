// SPDX-License-Identifier: Apache-2.0

/// A reader of untrusted bytes, as a fuzzer sees it: bytes in; an error, or a value that keeps its
/// promises, out.
///
/// The same targets run under libFuzzer (`Tools/fuzz/run.sh`) and, for a moment, as tests.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// `.tflite` files.
  case tflite
  /// `.onnx` files.
  case onnx
  /// From a `.tflite` file to a blob that the runtime must accept.
  case compile
  /// Blobs, read by the host; sizes and CRC are made right first.
  case blob
  /// Frames, as the host receives them.
  case frames
  /// What a board says in a session.
  case session
  /// Board and chip definitions.
  case boards
  /// `inputs.yaml`.
  case inputsYAML = "inputs-yaml"
  /// `.npy` arrays.
  case npy
  /// PNG and JPEG images, as inputs of networks.
  case images
  /// WAV sounds, as inputs of networks.
  case sounds
  /// The YAML file beside a model.
  case preprocessing
  /// `labels.csv`.
  case labels
  /// The instruction counter's stream.
  case counters
  /// Recordings of power: JSON and CSV.
  case traces
  /// EnergyRunner's recordings: energies, timestamps and log behind each other.
  case energyRunner = "energy-runner"
  /// A probe's identity, scale and events.
  case probe

  /// Gives `bytes` to the reader.
  ///
  /// Traps if the reader breaks a promise; that is how a fuzzer learns of it.
  public func run(_ bytes: [UInt8]) {
    switch self {
    case .tflite: ModelChecks.read(bytes)
    case .onnx: ModelChecks.readONNX(bytes)
    case .compile: ModelChecks.compile(bytes)
    case .blob: BlobChecks.read(bytes)
    case .frames: LinkChecks.receive(bytes)
    case .session: SessionChecks.converse(bytes)
    case .boards: FileChecks.readDefinition(bytes)
    case .inputsYAML: FileChecks.readScale(bytes)
    case .npy: FileChecks.readArray(bytes)
    case .images: SampleChecks.readImage(bytes)
    case .sounds: SampleChecks.readSound(bytes)
    case .preprocessing: SampleChecks.readPreprocessing(bytes)
    case .labels: FileChecks.readLabels(bytes)
    case .counters: FileChecks.readCounters(bytes)
    case .traces: EnergyChecks.readTrace(bytes)
    case .energyRunner: EnergyChecks.readRunner(bytes)
    case .probe: EnergyChecks.record(bytes)
    }
  }
}
