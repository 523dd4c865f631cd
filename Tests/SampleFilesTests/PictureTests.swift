// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@testable import SampleFiles

@Suite struct PictureTests {
  @Test func pngGivesItsBytes() throws {
    let picture = try SampleFile.picture("rgb.png")
    #expect(picture.width == 4 && picture.height == 2)
    #expect(picture.bytes == [UInt8](stride(from: 0, to: 240, by: 10)))
  }

  @Test(arguments: ["palette.png"]) func palettesAreResolved(_ name: String) throws {
    #expect(try SampleFile.picture(name).bytes == SampleFile.picture("rgb.png").bytes)
  }

  @Test func grayBecomesThreeEqualChannels() throws {
    let picture = try SampleFile.picture("gray.png")
    let expected: [UInt8] = [
      0, 0, 0, 40, 40, 40, 80, 80, 80, 120, 120, 120, 160, 160, 160, 200, 200, 200,
    ]
    #expect(picture.bytes == expected)
  }

  @Test func transparencyIsDroppedAndColorsStay() throws {
    #expect(try SampleFile.picture("transparent.png").bytes == [200, 100, 50, 1, 2, 3])
  }

  @Test func jpegGivesItsColor() throws {
    let picture = try SampleFile.picture("plain.jpg")
    #expect(picture.width == 16 && picture.height == 16)
    for (index, byte) in picture.bytes.enumerated() {
      #expect(abs(Int(byte) - [180, 90, 30][index % 3]) <= 2)
    }
  }

  @Test(arguments: ["truncated.png", "truncated.jpg", "stereo.wav"])
  func damagedFilesAreNamed(_ name: String) {
    let error = #expect(throws: SampleFilesError.self) { try SampleFile.picture(name) }
    #expect(error?.description.contains(name) == true)
    #expect(error?.description.contains("replace or remove the file") == true)
  }

  @Test func bytesOfAnyKindNeverCrashTheDecoders() throws {
    var state: UInt64 = 7
    for name in ["rgb.png", "palette.png", "plain.jpg"] {
      let contents = try FileBytes.read(SampleFile.path(name))
      for _ in 0..<300 {
        var damaged = contents
        for _ in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 20)
        }
        _ = try? Picture.decode(damaged, path: name)
      }
    }
  }

  @Test(arguments: [(3, 3), (11, 6)])
  func resizingAgreesWithPillow(width: Int, height: Int) throws {
    let expected = try NumpyArray(contentsOf: SampleFile.path("noise_\(width)x\(height).npy"))
    let actual = PictureResizer.resize(
      try SampleFile.picture("noise.png"), width: width, height: height)
    for (a, b) in zip(actual, try #require(expected.floats)) { #expect(abs(a - b) < 1e-3) }
    #expect(actual.count == 3 * width * height)
  }
}
