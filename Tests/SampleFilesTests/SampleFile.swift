// SPDX-License-Identifier: Apache-2.0
import Foundation
import TensorFiles
import TestSupport

@testable import SampleFiles

/// The small files beside these tests.
enum SampleFile {
  static func path(_ name: String) -> String {
    PackageRoot.url.appendingPathComponent("Tests/SampleFilesTests/Samples/\(name)").path
  }

  static func picture(_ name: String) throws -> Picture {
    try Picture.decode(try FileBytes.read(path(name)), path: name)
  }
}
