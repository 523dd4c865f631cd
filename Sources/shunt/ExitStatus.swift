// SPDX-License-Identifier: Apache-2.0
internal import BoardSupport

/// The command's exit status, as Docs/cli.md lists them.
enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
  case badInput = 2
  case deviceFailure = 3
  case interrupted = 130

  /// The status that an error of one of our modules stands for; `nil` for anybody else's.
  init?(failure error: any Error) {
    switch error {
    case BoardSupportError.emulatorFailed: self = .deviceFailure
    case is BoardSupportError: self = .badInput
    default: return nil
    }
  }
}
