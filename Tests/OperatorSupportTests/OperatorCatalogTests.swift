// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import ModelGraph
import ModelImport
import OperatorSupport
import OperatorVectorSurvey
import TestSupport
import Testing

/// What `shunt operators` and Docs/operators.md say is what the vectors show.
@Suite struct OperatorCatalogTests {
  private static let found: [ObservedOperator] = (try? VectorModels.survey().operators) ?? []
  private static let advice: Comment = "swift run operators-tool writes them anew"

  @Test("the committed survey is that of the vectors")
  func surveyIsCurrent() {
    #expect(Self.found == OperatorCatalog.observed, Self.advice)
  }

  @Test("the committed document is the current one")
  func documentIsCurrent() throws {
    let document = try String(
      contentsOf: PackageRoot.url.appendingPathComponent("Docs/operators.md"), encoding: .utf8)
    #expect(document == OperatorCatalog(observed: Self.found).markdown, Self.advice)
  }

  @Test("every operator that can be read is surveyed")
  func everyOperatorIsObserved() {
    let names = Set(Self.found.map(\.name))
    #expect(TFLiteReader.supportedOperators.map(\.name).filter { !names.contains($0) } == [])
  }

  @Test("every kernel is reached by an operator of a vector")
  func everyKernelIsReached() {
    let kernels = Set(Self.found.flatMap(\.kernels))
    // Layers of vectors are too small for lanes; reference models and random layers reach them.
    let isReachedElsewhere: Set<KernelKind> = [.fullyConnectedLanes]
    #expect(
      KernelKind.allCases.filter { !kernels.contains($0) && !isReachedElsewhere.contains($0) } == []
    )
  }

  @Test("an operator tells types, ways, kernels and limits")
  func tellsLimits() throws {
    let entry = try #require(OperatorCatalog.current.entries.first { $0.name == "SOFTMAX" })
    #expect(entry.inputTypes.contains(.int16))
    #expect(entry.runsAs.contains(.host))
    #expect(entry.kernels.contains(.softmaxToWide))
    #expect(entry.notes.contains("int8: last dimension at most 4095"))
  }
}
