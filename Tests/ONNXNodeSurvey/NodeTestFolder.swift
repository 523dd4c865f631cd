// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import TestSupport

/// The folder that `Tools/onnx/node_tests.py` wrote.
public struct NodeTestFolder: Sendable {
  /// The version of the package `onnx` from which the tests come.
  public let version: String
  /// All tests, by kind and name.
  public let tests: [NodeTest]
  private let path: String

  /// Why tests that need it are skipped.
  public static let skipReason =
    "ONNX's own tests are not there: Tools/setup.sh and Tools/onnx/node-tests.sh bring them"

  /// Whether the folder is there.
  public static var isAvailable: Bool { FileManager.default.fileExists(atPath: list.path) }

  /// Reads the list of tests.
  public init() throws {
    struct List: Decodable {
      var onnx: String
      var tests: [NodeTest]
    }
    let list = try JSONDecoder().decode(List.self, from: try Data(contentsOf: Self.list))
    version = list.onnx
    tests = list.tests
    path = Self.root.path
  }

  /// The path of a file of a test.
  public func path(of file: String, in test: NodeTest) -> String {
    "\(path)/\(test.kind)/\(test.name)/\(file)"
  }

  private static let root = PackageRoot.url.appendingPathComponent(".build/onnx-node-tests")
  private static let list = root.appendingPathComponent("tests.json")
}
