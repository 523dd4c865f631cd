// SPDX-License-Identifier: Apache-2.0
internal import Foundation
public import TensorFiles
internal import Yams

/// The YAML file beside a model that states its ``Preprocessing``: `net.yaml` beside `net.onnx`.
public enum PreprocessingFile {
  /// Reads the file beside a model, if there is one.
  ///
  /// - Parameter model: The model's path.
  /// - Returns: `nil` if there is no such file.
  /// - Throws: ``SampleFilesError`` naming the file and what is wrong in it.
  public static func beside(model: String) throws(SampleFilesError) -> Preprocessing? {
    let stem = URL(fileURLWithPath: model).deletingPathExtension().path
    for path in ["\(stem).yaml", "\(stem).yml"] where FileManager.default.fileExists(atPath: path) {
      return try read(path)
    }
    return nil
  }

  /// Reads a file.
  ///
  /// - Throws: ``SampleFilesError`` naming the file and what is wrong in it.
  public static func read(_ path: String) throws(SampleFilesError) -> Preprocessing {
    let text: [UInt8]
    do throws(TensorFilesError) {
      text = try FileBytes.read(path, limit: 1 << 16)
    } catch {
      throw .unreadable(error)
    }
    return try parse(String(decoding: text, as: UTF8.self), path: path)
  }

  /// Reads the contents of a file.
  package static func parse(
    _ text: String, path: String
  ) throws(SampleFilesError) -> Preprocessing {
    let keys = Preprocessing.CodingKeys.allCases.map(\.rawValue)
    func malformed(_ reason: String) -> SampleFilesError {
      .unsuitable(
        path: path, reason: reason,
        remedy: "keys are \(keys.joined(separator: ", ")); see Docs/quantization.md")
    }
    let result: Preprocessing
    do {
      guard let node = try Yams.compose(yaml: text) else { return Preprocessing() }
      guard let mapping = node.mapping else { throw malformed("it is not a list of `key: value`") }
      if let key = mapping.keys.first(where: { !keys.contains($0.string ?? "") }) {
        throw malformed("'\(key.string?.prefix(40) ?? "?")' is no key of it")
      }
      result = try YAMLDecoder().decode(Preprocessing.self, from: node)
    } catch let error as SampleFilesError {
      throw error
    } catch let error as DecodingError {
      throw malformed(Self.reason(error))
    } catch {
      throw malformed("it is not YAML\(Self.place(of: error))")
    }
    try check(result, malformed)
    return result
  }

  private static func check(
    _ preprocessing: Preprocessing, _ malformed: (String) -> SampleFilesError
  ) throws(SampleFilesError) {
    let numbers =
      [preprocessing.scale].compactMap { $0 } + (preprocessing.mean ?? [])
      + (preprocessing.deviation ?? [])
    guard numbers.allSatisfy(\.isFinite) else { throw malformed("a number is not finite") }
    guard preprocessing.scale != 0 else { throw malformed("'scale' is 0") }
    guard preprocessing.deviation?.contains(0) != true else { throw malformed("'std' is 0") }
    guard preprocessing.sampleRateHz ?? 1 > 0 else {
      throw malformed("'sample_rate_hz' is not positive")
    }
  }

  /// The line in which a parser stopped.
  private static func place(of error: any Error) -> String {
    switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      " in line \(mark.line)"
    default: ""
    }
  }

  /// What a key may have as its value.
  private static func legalValues(of key: String) -> String? {
    switch Preprocessing.CodingKeys(rawValue: key) {
    case .layout: listed(Preprocessing.Layout.allCases.map(\.rawValue))
    case .colors: listed(Preprocessing.Colors.allCases.map(\.rawValue))
    case .fit: listed(Preprocessing.Fit.allCases.map(\.rawValue))
    case .scale: "a number"
    case .mean, .deviation: "a number, or a list of one for each channel"
    case .sampleRateHz: "a whole number of hertz"
    case nil: nil
    }
  }

  private static func listed(_ names: [String]) -> String {
    names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }

  private static func reason(_ error: DecodingError) -> String {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context),
      .keyNotFound(_, let context):
      let key = context.codingPath.first?.stringValue
      guard let key, let values = legalValues(of: key) else {
        return "'\(key ?? "the file")' has a value that is not legal"
      }
      return "'\(key)' must be \(values)"
    @unknown default: return "a value is not legal"
    }
  }
}
