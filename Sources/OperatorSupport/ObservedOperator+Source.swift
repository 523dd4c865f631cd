// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

extension ObservedOperator {
  /// The Swift file that holds a survey: `OperatorCatalog+Observed.swift`.
  public static func source(of operators: [ObservedOperator]) -> String {
    let records = operators.map { record in
      """
          .init(
            "\(record.name)",
            from: [\(cases(record.inputTypes))],
            to: [\(cases(record.outputTypes))],
            ways: [\(cases(record.ways))],
            kernels: [\(cases(record.kernels))], isCompared: \(record.isCompared)),
      """
    }
    return """
      // SPDX-License-Identifier: Apache-2.0
      // swift-format-ignore-file
      // Written by `swift run operators-tool` from the models of Tests/Vectors/operators.
      internal import BlobFormat
      internal import ModelGraph

      extension OperatorCatalog {
        /// What becomes of the operators of `Tests/Vectors/operators`.
        public static let observed: [ObservedOperator] = [
      \(records.joined(separator: "\n"))
        ]
      }

      """
  }

  private static func cases(_ values: [some Hashable]) -> String {
    values.map { ".\($0)" }.joined(separator: ", ")
  }
}
