// SPDX-License-Identifier: Apache-2.0

/// What can go wrong between a board's name and a running board.
public enum BoardSupportError: Error, Equatable, CustomStringConvertible {
  /// No board has this id.
  case unknownBoard(id: String, known: [String])
  /// The folders with board definitions or firmware sources were not found.
  case resourcesNotFound(searched: [String])
  /// A definition could not be read or is not legal.
  case invalidDefinition(file: String, problem: String)
  /// The board is data only: nothing here can build for it, emulate it, or talk to it.
  case notSupported(board: String, action: String, remedy: String)
  /// A program that is needed is not installed.
  case toolMissing(tool: String, package: String)
  /// The firmware did not build.
  case buildFailed(board: String, command: String, output: String)
  /// The emulator did not start, or ended.
  case emulatorFailed(board: String, problem: String)
  /// A file or folder could not be written or read.
  case file(path: String, problem: String)

  /// The error in one sentence, with its remedy.
  public var description: String {
    switch self {
    case .unknownBoard(let id, let known):
      "no board is called '\(id)'. Known boards: \(known.joined(separator: ", "))"
    case .resourcesNotFound(let searched):
      "the folders Boards and Firmware were not found (searched: \(searched.joined(separator: ", "))). "
        + "Set SHUNT_ROOT to the folder that holds them"
    case .invalidDefinition(let file, let problem):
      "\(file): \(problem)"
    case .notSupported(let board, let action, let remedy):
      "\(board): cannot \(action). \(remedy)"
    case .toolMissing(let tool, let package):
      "\(tool) is not installed. Install it with: apt-get install \(package) (or run: make setup)"
    case .buildFailed(let board, let command, let output):
      "the firmware for \(board) did not build (\(command)):\n\(output)"
    case .emulatorFailed(let board, let problem):
      "the emulator of \(board) failed: \(problem)"
    case .file(let path, let problem):
      "\(path): \(problem)"
    }
  }
}
