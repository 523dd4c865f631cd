// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Yams

/// Decodes YAML and refuses what a plain decoder lets pass: unknown and repeated keys.
enum StrictYAML {
  /// Decodes `text` as a `Value` whose legal keys are those of `schema`.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, schema: KeySchema, file: String
  ) throws(BoardSupportError) -> Value {
    do {
      if let node = try Yams.compose(yaml: text) {
        try schema.check(node, at: "", file: file)
      }
      return try YAMLDecoder().decode(Value.self, from: text)
    } catch let error as BoardSupportError {
      throw error
    } catch let error as DecodingError {
      throw .invalidDefinition(file: file, problem: describe(error))
    } catch {
      throw .invalidDefinition(file: file, problem: "\(error)")
    }
  }

  private static func describe(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      return "'\(path(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      let place = path(context.codingPath)
      let detail = context.underlyingError.map { ": \($0)" } ?? ""
      return place.isEmpty
        ? "not legal YAML\(detail)"
        : "'\(place)' is not legal: \(context.debugDescription)\(detail)"
    @unknown default:
      return "\(error)"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }
}

/// The keys that a YAML mapping may have, and what stands behind those that hold mappings.
struct KeySchema: Sendable {
  var keys: Set<String>
  var nested: [String: KeySchema] = [:]

  init<Key: CodingKey & CaseIterable>(_ type: Key.Type, nested: [String: KeySchema] = [:]) {
    keys = Set(Key.allCases.map(\.stringValue))
    self.nested = nested
  }

  /// Throws for the first unknown key below `node`.
  func check(_ node: Node, at path: String, file: String) throws(BoardSupportError) {
    if let sequence = node.sequence {
      for (index, element) in sequence.enumerated() {
        try check(element, at: "\(path)[\(index)]", file: file)
      }
      return
    }
    guard let mapping = node.mapping else { return }
    for (key, value) in mapping {
      let name = key.string ?? "?"
      let place = path.isEmpty ? name : "\(path).\(name)"
      guard keys.contains(name) else {
        throw .invalidDefinition(
          file: file,
          problem: "unknown key '\(place)'. Legal here: \(keys.sorted().joined(separator: ", "))")
      }
      if let schema = nested[name] {
        try schema.check(value, at: place, file: file)
      }
    }
  }
}
