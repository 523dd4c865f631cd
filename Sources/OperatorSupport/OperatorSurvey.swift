// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import ModelGraph
public import ModelImport

/// Finds out what becomes of operators by importing and lowering models that have them.
public struct OperatorSurvey: Sendable {
  private struct Findings {
    var inputTypes = Set<ElementType>()
    var outputTypes = Set<ElementType>()
    var ways = Set<OperatorRealization.Way>()
    var kernels = Set<KernelKind>()
    var isCompared = false
  }

  private var findings: [String: Findings] = [:]

  /// A survey of no models.
  public init() {}

  /// Adds a TensorFlow Lite model.
  ///
  /// A model of which nothing would run on the board tells nothing.
  ///
  /// - Throws: ``ModelImportError`` for a model that cannot be read.
  public mutating func add(_ bytes: [UInt8], name: String) throws(ModelImportError) {
    let names = try TFLiteReader.operatorNames(in: bytes, name: name)
    let graph = try TFLiteReader.graph(from: bytes, name: name)
    guard let realizations = try? OperatorRealization.all(of: graph) else { return }
    add(realizations, names, isCompared: true)
    let present = Set(realizations.flatMap(\.sources))
    for (index, name) in names.enumerated() where !present.contains(index) {
      findings[name, default: Findings()].ways.insert(.resolved)
      findings[name]?.isCompared = true
    }
  }

  /// Adds a graph whose outputs are not compared, since the reference cannot run it.
  ///
  /// - Parameter names: What a model file would call its operators, by ``Operator/sourceIndices``.
  /// - Throws: ``BlobFormatError`` if the graph cannot be lowered.
  public mutating func addUncompared(
    _ graph: Graph, names: [String]
  ) throws(BlobFormatError) {
    add(try OperatorRealization.all(of: graph), names, isCompared: false)
  }

  /// What was found, in alphabetical order.
  public var operators: [ObservedOperator] {
    findings.sorted { $0.key < $1.key }.map { name, found in
      ObservedOperator(
        name, from: ElementType.allCases.filter(found.inputTypes.contains),
        to: ElementType.allCases.filter(found.outputTypes.contains),
        ways: OperatorRealization.Way.allCases.filter(found.ways.contains),
        kernels: KernelKind.allCases.filter(found.kernels.contains),
        isCompared: found.isCompared)
    }
  }

  private mutating func add(
    _ realizations: [OperatorRealization], _ names: [String], isCompared: Bool
  ) {
    for realization in realizations {
      for source in realization.sources where names.indices.contains(source) {
        add(realization, to: names[source], isCompared)
      }
    }
  }

  private mutating func add(
    _ realization: OperatorRealization, to name: String, _ isCompared: Bool
  ) {
    var found = findings[name] ?? Findings()
    found.inputTypes.formUnion(realization.inputTypes)
    found.outputTypes.formUnion(realization.outputTypes)
    found.ways.insert(realization.way)
    found.kernels.formUnion(realization.kernels)
    found.isCompared = found.isCompared || isCompared
    findings[name] = found
  }
}
