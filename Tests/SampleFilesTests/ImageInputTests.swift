// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@testable import SampleFiles

@Suite struct ImageInputTests {
  /// The bytes of rgb.png.
  private let ramp = [Float](stride(from: 0, to: 240, by: 10))

  private func elements(
    _ name: String, _ shape: [Int], _ change: (inout Preprocessing) -> Void = { _ in }
  ) throws -> [Float] {
    var preprocessing = Preprocessing()
    change(&preprocessing)
    let input = try ImageInput(shape: shape, preprocessing: preprocessing, path: "data")
    return input.elements(of: try SampleFile.picture(name))
  }

  @Test func pixelsAreScaledToOneByDefault() throws {
    let elements = try elements("rgb.png", [2, 4, 3])
    #expect(elements == ramp.map { $0 * (1 / 255) })
  }

  @Test func channelsFirstMovesWholePlanes() throws {
    let elements = try elements("rgb.png", [3, 2, 4]) { $0.scale = 1 }
    var expected: [Float] = []
    for channel in 0..<3 {
      for pixel in 0..<8 { expected.append(Float(10 * (3 * pixel + channel))) }
    }
    #expect(elements == expected)
  }

  @Test func blueFirstSwapsChannels() throws {
    let elements = try elements("rgb.png", [2, 4, 3]) {
      $0.scale = 1
      $0.colors = .bgr
    }
    #expect(Array(elements.prefix(3)) == [20, 10, 0])
  }

  @Test func meansAndDeviationsAreThoseOfTheChannels() throws {
    let elements = try elements("rgb.png", [2, 4, 3]) {
      $0.scale = 1
      $0.mean = [0, 10, 20]
      $0.deviation = [1, 2, 4]
    }
    #expect(Array(elements.prefix(6)) == [0, 0, 0, 30, 15, 7.5])
  }

  @Test func grayInputsTakeTheLuma() throws {
    let elements = try elements("plain.jpg", [16, 16, 1]) { $0.scale = 1 }
    let luma: Float = 0.299 * 180 + 0.587 * 90 + 0.114 * 30
    #expect(elements.allSatisfy { abs($0 - luma) < 2 })
  }

  @Test func croppingKeepsTheMiddle() throws {
    let elements = try elements("rgb.png", [2, 2, 3]) {
      $0.scale = 1
      $0.fit = .crop
    }
    #expect(elements == [30, 40, 50, 60, 70, 80, 150, 160, 170, 180, 190, 200])
  }

  @Test func paddingAddsBlackEvenly() throws {
    let elements = try elements("rgb.png", [4, 4, 3]) {
      $0.scale = 1
      $0.fit = .pad
    }
    #expect(
      elements.prefix(12).allSatisfy { $0 == 0 } && elements.suffix(12).allSatisfy { $0 == 0 })
    #expect(elements[12..<36].elementsEqual((0..<24).map { Float(10 * $0) }))
  }

  @Test func inputsThatAreNoImagesAreRefused() {
    let error = #expect(throws: SampleFilesError.self) { try elements("rgb.png", [49, 10, 8]) }
    #expect(error?.description.contains("[49, 10, 8]") == true)
  }

  @Test func aWrongNumberOfMeansIsRefused() {
    let error = #expect(throws: SampleFilesError.self) {
      try elements("rgb.png", [2, 4, 3]) { $0.mean = [1, 2] }
    }
    #expect(error?.description.contains("`mean`") == true)
  }
}
