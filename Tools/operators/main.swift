// SPDX-License-Identifier: Apache-2.0
//
// operators-tool: surveys the models of Tests/Vectors/operators and writes what `shunt operators` and
// Docs/operators.md say.
import Foundation
import OperatorSupport
import OperatorVectorSurvey
import TestSupport

let survey = try VectorModels.survey()
let files = [
  "Sources/OperatorSupport/OperatorCatalog+Observed.swift": ObservedOperator.source(
    of: survey.operators),
  "Docs/operators.md": OperatorCatalog(observed: survey.operators).markdown,
]
for (path, text) in files.sorted(by: { $0.key < $1.key }) {
  try Data(text.utf8).write(to: PackageRoot.url.appendingPathComponent(path), options: .atomic)
  print("\(path): \(survey.operators.count) operators")
}
