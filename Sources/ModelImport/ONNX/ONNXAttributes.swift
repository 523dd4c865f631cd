// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// The attributes of one node, by name. Each accessor gives `nil` where the attribute is absent, and an
/// error where it has another type.
struct ONNXAttributes {
  private var byName: [String: ONNXAttribute] = [:]
  private let tensors: ONNXTensorReader

  init(_ attributes: [ONNXAttribute], tensors: ONNXTensorReader) throws(ONNXProblem) {
    self.tensors = tensors
    for attribute in attributes {
      let name = attribute.name.abbreviatedForMessage
      guard attribute.refAttrName.isEmpty else {
        throw .damaged("attribute \(name) refers to a function's attribute, outside of a function")
      }
      guard byName.updateValue(attribute, forKey: attribute.name) == nil else {
        throw .damaged("attribute \(name) occurs twice")
      }
    }
  }

  /// Whether the attribute is there.
  func has(_ name: String) -> Bool { byName[name] != nil }

  /// An attribute of type INT.
  func integer(_ name: String) throws(ONNXProblem) -> Int? {
    try attribute(name, .int, { $0.hasI }).map { Int($0.i) }
  }

  /// An attribute of type INT that means yes or no.
  func bool(_ name: String) throws(ONNXProblem) -> Bool? { try integer(name).map { $0 != 0 } }

  /// An attribute of type FLOAT, which must be a number.
  func float(_ name: String) throws(ONNXProblem) -> Float? {
    guard let value = try attribute(name, .float, { $0.hasF })?.f else { return nil }
    guard !value.isNaN else { throw .damaged("attribute \(name) is not a number") }
    return value
  }

  /// An attribute of type STRING, malformed UTF-8 repaired.
  func string(_ name: String) throws(ONNXProblem) -> String? {
    try attribute(name, .string, { $0.hasS }).map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// An attribute of type INTS.
  func integers(_ name: String) throws(ONNXProblem) -> [Int]? {
    try attribute(name, .ints, { !$0.ints.isEmpty }).map { $0.ints.map { Int($0) } }
  }

  /// An attribute of type FLOATS, which must be numbers.
  func floats(_ name: String) throws(ONNXProblem) -> [Float]? {
    guard let values = try attribute(name, .floats, { !$0.floats.isEmpty })?.floats else {
      return nil
    }
    guard values.allSatisfy({ !$0.isNaN }) else {
      throw .damaged("attribute \(name) has elements that are not numbers")
    }
    return values
  }

  /// An attribute of type TENSOR.
  func tensor(_ name: String) throws(ONNXProblem) -> ONNXConstant? {
    guard let found = try attribute(name, .tensor, { $0.hasT }) else { return nil }
    do throws(ONNXProblem) {
      return try tensors.constant(found.t)
    } catch {
      switch error {
      case .damaged(let reason): throw .damaged("attribute \(name): \(reason)")
      case .unsupported(let reason, let remedy):
        throw .unsupported(reason: "attribute \(name): \(reason)", remedy: remedy)
      }
    }
  }

  private func attribute(
    _ name: String, _ kind: ONNXAttribute.Kind, _ hasValue: (ONNXAttribute) -> Bool
  ) throws(ONNXProblem) -> ONNXAttribute? {
    guard let attribute = byName[name] else { return nil }
    guard attribute.type == kind || (attribute.type == .undefined && hasValue(attribute)) else {
      throw .damaged("attribute \(name) is of type \(attribute.type), but must be \(kind)")
    }
    return attribute
  }
}
