// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Where the package's own files stand.
public enum PackageRoot {
  /// The folder of `Package.swift`.
  public static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .standardizedFileURL
}
