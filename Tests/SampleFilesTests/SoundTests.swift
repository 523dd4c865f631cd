// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@testable import SampleFiles

@Suite struct SoundTests {
  private func elements(_ name: String, _ shape: [Int], rate: Int? = nil) throws -> [Float] {
    var preprocessing = Preprocessing()
    preprocessing.sampleRateHz = rate
    let input = try SoundInput(shape: shape, preprocessing: preprocessing, path: "data")
    return try input.elements(of: try Sound.read(SampleFile.path(name)), path: name)
  }

  @Test func channelsAreAveraged() throws {
    let sound = try Sound.read(SampleFile.path("stereo.wav"))
    #expect(sound.sampleRateHz == 16000)
    for (a, b) in zip(sound.samples, [0, 0.375, -0.75, 0.25] as [Float]) {
      #expect(abs(a - b) < 1e-4)
    }
    #expect(sound.samples.count == 4)
  }

  @Test func longerSoundsGiveTheirMiddle() throws {
    let elements = try elements("mono24.wav", [3, 1])
    for (a, b) in zip(elements, [0.5, -0.25, 0.125] as [Float]) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func shorterSoundsStandInSilence() throws {
    let elements = try elements("mono24.wav", [1, 9])
    for (a, b) in zip(elements, [0, 0, 0, 0.5, -0.25, 0.125, 0.75, 0, 0] as [Float]) {
      #expect(abs(a - b) < 1e-6)
    }
  }

  @Test func anotherSampleRateIsRefusedWithARemedy() {
    let error = #expect(throws: SampleFilesError.self) {
      try elements("mono24.wav", [5], rate: 16000)
    }
    #expect(error?.description.contains("8000 Hz") == true)
    #expect(error?.description.contains("sox") == true)
  }

  @Test func inputsThatAreNoWaveformsAreRefused() {
    let error = #expect(throws: SampleFilesError.self) { try elements("mono24.wav", [49, 10]) }
    #expect(error?.description.contains("no waveform") == true)
  }

  @Test func otherBytesAreNoSound() {
    let error = #expect(throws: SampleFilesError.self) {
      try Sound.read(SampleFile.path("rgb.png"))
    }
    #expect(error?.description.contains("WAV") == true)
  }
}
