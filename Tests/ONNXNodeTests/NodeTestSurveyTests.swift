// SPDX-License-Identifier: Apache-2.0
import Foundation
import ONNXNodeSurvey
import TestSupport
import Testing

/// The ONNX project's own tests, which need the Python package `onnx`.
@Suite struct NodeTestSurveyTests {
  @Test(
    "the committed document tells how the ONNX project's tests go",
    .enabled(if: NodeTestFolder.isAvailable, Comment(rawValue: NodeTestFolder.skipReason)))
  func documentIsCurrent() throws {
    let survey = NodeTestSurvey(of: try NodeTestFolder())
    let document = try String(
      contentsOf: PackageRoot.url.appendingPathComponent(NodeTestSurvey.documentPath),
      encoding: .utf8)
    let lines = Set(document.split(separator: "\n"))
    let news = survey.markdown.split(separator: "\n").filter { !lines.contains($0) }
    #expect(news == [], "swift run onnx-nodes-tool writes it anew")
    #expect(survey.markdown.count == document.count)
  }
}
