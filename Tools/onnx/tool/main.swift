// SPDX-License-Identifier: Apache-2.0
//
// onnx-nodes-tool: runs the ONNX project's own tests and writes Docs/onnx-node-tests.md.
// `onnx-nodes-tool NAME...` prints how the tests went whose names contain one of the words.
import Foundation
import ONNXNodeSurvey
import TestSupport

guard NodeTestFolder.isAvailable else {
  print(NodeTestFolder.skipReason)
  exit(1)
}
let folder = try NodeTestFolder()
let words = CommandLine.arguments.dropFirst()
if words.isEmpty {
  let survey = NodeTestSurvey(of: folder)
  try Data(survey.markdown.utf8).write(
    to: PackageRoot.url.appendingPathComponent(NodeTestSurvey.documentPath), options: .atomic)
  print("\(NodeTestSurvey.documentPath): \(survey.entries.count) tests")
}
for test in folder.tests where words.contains(where: test.name.contains) {
  print(test.name, NodeTestRun(test, in: folder).outcome())
}
