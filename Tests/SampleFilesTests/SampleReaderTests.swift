// SPDX-License-Identifier: Apache-2.0
import Foundation
import TensorFiles
import TestSupport
import Testing

@testable import SampleFiles

@Suite struct SampleReaderTests {
  private let reader = SampleReader(shape: [1, 2, 4, 3], preprocessing: Preprocessing())

  /// Makes a folder with copies of sample files at these places.
  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (place, source) in files {
      let target = folder.url.appendingPathComponent(place)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: SampleFile.path(source), toPath: target.path)
    }
    return folder
  }

  @Test func foldersAreClassesInAlphabeticalOrder() throws {
    let folder = try folder([
      "dog/a.png": "rgb.png", "cat/b.JPG": "plain.jpg", "dog/c.png": "gray.png",
    ])
    let data = try reader.read(folder.url.path)
    #expect(data.inputs.shape == [3, 2, 4, 3])
    #expect(data.labels?.entries.map(\.label) == [0, 1, 1])
    #expect(data.labels?.entries.map(\.name) == ["cat/b.JPG", "dog/a.png", "dog/c.png"])
    #expect(data.labels?.hasSplits == false)
  }

  @Test func classesOfTheModelGiveTheirNumbers() throws {
    let folder = try folder(["dog/a.png": "rgb.png", "cat/b.png": "rgb.png"])
    let reader = SampleReader(
      shape: [1, 2, 4, 3], preprocessing: Preprocessing(), labels: ["Dog", "bird", "Cat"])
    #expect(try reader.read(folder.url.path).labels?.entries.map(\.label) == [2, 0])
  }

  @Test func numbersAsNamesAreTheClasses() throws {
    let folder = try folder(["10/a.png": "rgb.png", "2/b.png": "rgb.png"])
    #expect(try reader.read(folder.url.path).labels?.entries.map(\.label) == [10, 2])
  }

  @Test func foldersOfSplitsDivideTheSamples() throws {
    let folder = try folder([
      "calib/x/a.png": "rgb.png", "test/x/b.png": "gray.png", "test/y/c.png": "rgb.png",
    ])
    let data = try reader.read(folder.url.path)
    #expect(try data.rows(in: .calib) == [0])
    #expect(try data.rows(in: .test) == [1, 2])
    #expect(data.labels?.entries.map(\.label) == [0, 0, 1])
  }

  @Test func filesOfOtherKindsAreLeftOutAndNamed() throws {
    let folder = try folder([
      "dog/a.png": "rgb.png", "dog/b.bmp": "rgb.png", "notes.txt": "rgb.png",
    ])
    #expect(try reader.read(folder.url.path).inputs.rowCount == 1)
    let media = try SampleReader.media(at: folder.url.path)
    #expect(media == SampleReader.Media(holdsSounds: false, leftOut: ["dog/b.bmp", "notes.txt"]))
  }

  @Test func folderWithoutSamplesIsRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: SampleFilesError.self) {
      _ = try reader.read(folder.url.path)
    }
    #expect(error?.description.contains("neither inputs.npy, nor images") == true)
  }

  @Test func looseFilesHaveNoLabels() throws {
    let folder = try folder(["a.png": "rgb.png", "b.png": "gray.png"])
    let data = try reader.read(folder.url.path)
    #expect(data.labels == nil && data.inputs.rowCount == 2)
  }

  @Test func soundsOfAFolderBecomeRows() throws {
    let folder = try folder(["yes/a.wav": "mono24.wav", "no/b.wav": "stereo.wav"])
    let reader = SampleReader(shape: [1, 4], preprocessing: Preprocessing())
    let data = try reader.read(folder.url.path)
    #expect(data.inputs.shape == [2, 4])
    #expect(data.labels?.entries.map(\.label) == [0, 1])
  }

  @Test func aFolderWithAnArrayIsReadAsBefore() throws {
    let folder = try folder(["inputs.npy": "noise_3x3.npy", "a.png": "rgb.png"])
    #expect(try reader.read(folder.url.path).inputs.shape == [3, 3, 3])
  }

  @Test func mixturesAreRefused() throws {
    let kinds = try folder(["a.png": "rgb.png", "b.wav": "stereo.wav"])
    #expect(throws: SampleFilesError.self) { try reader.read(kinds.url.path) }
    let places = try folder(["a.png": "rgb.png", "x/b.png": "rgb.png"])
    #expect(throws: SampleFilesError.self) { try reader.read(places.url.path) }
  }

  @Test func aDamagedFileAmongOthersIsNamed() throws {
    let folder = try folder(["x/a.png": "rgb.png", "x/b.png": "truncated.png"])
    let error = #expect(throws: SampleFilesError.self) { try reader.read(folder.url.path) }
    #expect(error?.description.contains("x/b.png") == true)
  }
}
