// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@testable import SampleFiles

@Suite struct PreprocessingFileTests {
  @Test func everyKeyIsRead() throws {
    let text = """
      # how this network was trained
      layout: nchw
      colors: bgr
      fit: crop
      scale: 0.0039
      mean: [0.485, 0.456, 0.406]
      std: [0.229, 0.224, 0.225]
      sample_rate_hz: 16000
      """
    let read = try PreprocessingFile.parse(text, path: "net.yaml")
    #expect(read.layout == .nchw && read.colors == .bgr && read.fit == .crop)
    #expect(read.scale == 0.0039 && read.sampleRateHz == 16000)
    #expect(read.mean == [0.485, 0.456, 0.406] && read.deviation == [0.229, 0.224, 0.225])
  }

  @Test func oneNumberStandsForAllChannels() throws {
    let read = try PreprocessingFile.parse("mean: 1\nstd: 0.5", path: "net.yaml")
    #expect(read.mean == [1] && read.deviation == [0.5])
  }

  @Test(arguments: [
    ("layout: chw", "'layout' must be nhwc or nchw"),
    ("mean: many", "'mean' must be a number, or a list of one for each channel"),
    ("fit: 3", "'fit' must be stretch, crop or pad"), ("a: [1\n", "it is not YAML in line"),
  ])
  func whatIsLegalIsSaid(_ text: String, _ message: String) {
    let error = #expect(throws: SampleFilesError.self) {
      try PreprocessingFile.parse(text, path: "net.yaml")
    }
    #expect(error?.description.contains(message) == true)
  }

  @Test func anEmptyFileStatesNothing() throws {
    #expect(try PreprocessingFile.parse("# nothing\n", path: "net.yaml") == Preprocessing())
  }

  @Test(arguments: [
    "scales: 1", "layout: chw", "mean: many", "scale: 0", "std: [1, 0]", "scale: .nan", "[1, 2]",
    "a: b: c", "sample_rate_hz: -1", "mean: [.inf]",
  ])
  func whatIsNotLegalIsRefused(_ text: String) {
    let error = #expect(throws: SampleFilesError.self) {
      try PreprocessingFile.parse(text, path: "net.yaml")
    }
    #expect(error?.description.contains("net.yaml") == true)
    #expect(error?.description.contains("keys are layout, colors") == true)
  }
}
