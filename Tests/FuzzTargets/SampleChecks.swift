// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import SampleFiles
internal import TensorFiles

/// Images, sounds and the file that says what becomes of them.
enum SampleChecks {
  /// Larger images take long, and nothing else happens in them.
  private static let pixelLimit = 1 << 20

  static func readImage(_ bytes: [UInt8]) {
    guard !isLargePNG(bytes) else { return }
    for (shape, fit) in [
      ([1, 5, 7, 3], Preprocessing.Fit.stretch), ([1, 1, 6, 4], .pad), ([1, 9, 2], .crop),
    ] {
      var preprocessing = Preprocessing()
      preprocessing.fit = fit
      let reader = SampleReader(shape: shape, preprocessing: preprocessing)
      do throws(SampleFilesError) {
        let elements = try reader.elements(ofImage: bytes, path: "image")
        precondition(elements.count == shape.reduce(1, *))
        precondition(elements.allSatisfy { (-0.001...1.001).contains($0) })
      } catch {
        precondition(error.description.hasPrefix("image: "))
        return
      }
    }
  }

  static func readSound(_ bytes: [UInt8]) {
    let path = "/dev/shm/shunt-fuzz-\(UUID().uuidString).wav"
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { return }
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(SampleFilesError) {
      let reader = SampleReader(shape: [1, 37, 1], preprocessing: Preprocessing())
      let elements = try reader.elements(ofSound: path)
      precondition(elements.count == 37)
    } catch {
      precondition(error.description.hasPrefix(path))
    }
  }

  static func readPreprocessing(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(SampleFilesError) {
      let preprocessing = try PreprocessingFile.parse(text, path: "net.yaml")
      let encoded = try? JSONEncoder().encode(preprocessing)
      let decoded = encoded.flatMap { try? JSONDecoder().decode(Preprocessing.self, from: $0) }
      precondition(decoded == preprocessing)
    } catch {
      precondition(error.description.hasPrefix("net.yaml: "))
    }
  }

  /// Whether the header of a PNG states more than ``pixelLimit`` pixels.
  private static func isLargePNG(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 24, bytes[0] == 0x89 else { return false }
    let sides = [16, 20].map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return sides[0] > pixelLimit || sides[1] > pixelLimit || sides[0] * sides[1] > pixelLimit
  }
}
