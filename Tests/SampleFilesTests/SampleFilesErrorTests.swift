// SPDX-License-Identifier: Apache-2.0
import SampleFiles
import Testing

@Suite struct SampleFilesErrorTests {
  @Test func messageNamesFileReasonAndRemedy() {
    let error = SampleFilesError.unsuitable(path: "a.png", reason: "it is empty", remedy: "save it")
    #expect(error.description == "a.png: it is empty; save it")
  }
}
