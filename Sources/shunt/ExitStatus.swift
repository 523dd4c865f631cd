// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import CostModel
internal import DeviceLink
internal import Flashing
internal import HostRuntime
internal import ModelGraph
internal import ModelImport
internal import PowerMeters
internal import ProjectExport
internal import Reporting
internal import ResultStore
internal import SampleFiles
internal import TensorFiles

/// The command's exit status, as the help text lists them.
enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
  case badInput = 2
  case deviceFailure = 3
  case interrupted = 130

  /// The status that an error of one of our modules stands for; `nil` for anybody else's.
  init?(failure error: any Error) {
    switch error {
    case DeviceLinkError.interrupted: self = .interrupted
    case PowerMetersError.link(.interrupted): self = .interrupted
    case PowerMetersError.file, PowerMetersError.malformedFile: self = .badInput
    case FlashingError.link(.interrupted): self = .interrupted
    case FlashingError.link, FlashingError.readsBackDifferently, BoardSupportError.emulatorFailed,
      is DeviceLinkError, is PowerMetersError,
      BenchmarkingError.wrongResults, BenchmarkingError.marksMissing:
      self = .deviceFailure
    case is BoardSupportError, is Failure, is ModelImportError, is ModelGraphError,
      is BlobFormatError, is TensorFilesError, is HostRuntimeError, is BenchmarkingError,
      is CostModelError, is ResultStoreError, is ReportingError, is FlashingError,
      is DeploymentError, is ModelPreparationError, is ProjectExportError, is SampleFilesError:
      self = .badInput
    default: return nil
    }
  }
}
