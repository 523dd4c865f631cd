// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// The reference data beside the checkout: real models and golden outputs, which are no part of the
/// project. Tests that use it say `.enabled(if: SharedData.isAvailable, SharedData.comment)`.
public enum SharedData {
  /// The folder that holds `data`: `$SHUNT_SHARED`, or `shared` beside the package; `nil` if neither
  /// is there.
  public static let root: URL? = {
    let environment = ProcessInfo.processInfo.environment["SHUNT_SHARED"]
    let candidates = [
      environment.map { URL(fileURLWithPath: $0) },
      PackageRoot.url.deletingLastPathComponent().appendingPathComponent("shared"),
    ]
    return candidates.compactMap { $0 }.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("data").path)
    }
  }()

  /// Whether the reference data is there.
  public static var isAvailable: Bool { root != nil }

  /// Why a test was skipped.
  public static let skipReason =
    "the reference data is not there: set SHUNT_SHARED, or put it into ../shared"

  /// The path of a file below `data`, such as `models/kws/int8.tflite`.
  public static func path(_ relative: String) -> String {
    (root ?? PackageRoot.url).appendingPathComponent("data").appendingPathComponent(relative).path
  }
}
