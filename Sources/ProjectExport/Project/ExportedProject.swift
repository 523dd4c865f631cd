// SPDX-License-Identifier: Apache-2.0

/// The files of an exported project, before they are written anywhere.
public struct ExportedProject: Sendable, Equatable {
  /// Contents by path, relative to the project's folder.
  public internal(set) var files: [String: [UInt8]]

  /// The paths of all files, sorted.
  public var paths: [String] { files.keys.sorted() }
}
