// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph
public import OperatorSupport
internal import TestSupport

/// The models of `Tests/Vectors/operators`.
public enum VectorModels {
  /// A survey of all of them.
  public static func survey() throws -> OperatorSurvey {
    let folder = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let models = (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "tflite" }
    var survey = OperatorSurvey()
    for model in models.sorted(by: { $0.path < $1.path }) {
      try survey.add([UInt8](Data(contentsOf: model)), name: model.lastPathComponent)
    }
    for (name, graph) in uncompared { try survey.addUncompared(graph, names: [name]) }
    return survey
  }

  /// Operators that the reference interpreter runs on floats only, or not at all.
  private static var uncompared: [(name: String, graph: Graph)] {
    [
      ("NEG", graph(.unary(.negate))), ("RELU_N1_TO_1", graph(.unary(.reluN1To1))),
      ("RELU_0_TO_1", graph(.unary(.relu0To1))), ("SELECT", select),
      ("GELU", graph(.unary(.gelu(approximate: false)))),
      ("TILE", graph(.tile(multiples: [1, 2]), output: [1, 8])),
    ]
  }

  private static func graph(_ kind: OperatorKind, output: Shape = [1, 4]) -> Graph {
    var draft = GraphDraft(name: kind.label, type: .int8)
    let input = draft.input([1, 4])
    let output = draft.operation(kind, [input], output: output)
    return draft.graph(inputs: [input], outputs: [output])
  }

  private static var select: Graph {
    var draft = GraphDraft(name: "select", type: .int8)
    let condition = draft.tensor([1, 4], type: .bool)
    let values = [draft.input([1, 4]), draft.input([1, 4])]
    let output = draft.operation(.select, [condition] + values, output: [1, 4])
    return draft.graph(inputs: [condition] + values, outputs: [output])
  }
}
