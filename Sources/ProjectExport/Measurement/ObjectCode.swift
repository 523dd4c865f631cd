// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// What one object file says about stack: the compiler's call graph (GCC's `-fcallgraph-info=su`),
/// completed by the relocations, which also know calls of the compiler's own library.
struct ObjectCode: Equatable {
  /// Frames of the functions defined here, in bytes.
  var frames: [String: Int] = [:]
  /// Functions whose frame has no limit that the compiler knows.
  var unbounded: Set<String> = []
  /// Callees by name, of the functions defined here.
  var calls: [String: Set<String>] = [:]
  /// Functions that call through a pointer.
  var indirectCallers: Set<String> = []
  /// Functions whose address is taken in code or data, in the order in which they are found.
  var addressTaken: [String] = []
  /// Functions that each constant refers to, in the order of its fields.
  var constants: [String: [String]] = [:]
}

extension ObjectCode {
  /// Adds what a `.ci` file says.
  mutating func addCallGraph(_ text: String) {
    for line in text.split(separator: "\n") {
      if line.hasPrefix("node:") {
        addNode(line)
      } else if line.hasPrefix("edge:"), let from = Self.name(in: line, after: "sourcename: \""),
        let to = Self.name(in: line, after: "targetname: \"")
      {
        if to == "__indirect_call" {
          indirectCallers.insert(from)
        } else {
          calls[from, default: []].insert(to)
        }
      }
    }
  }

  /// `label: "check\n<path>:75:23\n40 bytes (static)\n0 dynamic objects"`
  private mutating func addNode(_ line: Substring) {
    guard let name = Self.name(in: line, after: "title: \""),
      let label = Self.quoted(in: line, after: "label: \"")
    else { return }
    for part in label.split(separator: #"\n"#) {
      let words = part.split(separator: " ")
      guard words.count == 3, words[1] == "bytes", let bytes = Int(words[0]) else { continue }
      frames[name] = bytes
      if words[2] == "(dynamic)" { unbounded.insert(name) }
    }
  }

  private static func quoted(in line: Substring, after key: String) -> Substring? {
    guard let start = line.range(of: key) else { return nil }
    return line[start.upperBound...].prefix { $0 != "\"" }
  }

  /// The function of a node's title: `<path>:check` for one that only its file sees.
  private static func name(in line: Substring, after key: String) -> String? {
    quoted(in: line, after: key)?.split(separator: ":").last.map(String.init)
  }
}

extension ObjectCode {
  /// Adds a relocation, as `objdump -r` prints it.
  ///
  /// - Parameters:
  ///   - section: Where it stands; compiled with a section for each function and constant.
  ///   - type: `R_ARM_THM_CALL`
  ///   - value: What it refers to.
  ///   - functions: The names of all functions, in any file.
  mutating func addRelocation(
    section: String, type: String, value: String, functions: Set<String>
  ) {
    let target = Self.functionName(value)
    if let function = Self.function(ofSection: section) {
      if type.contains("CALL") || type.contains("JUMP") {
        if target != function { calls[function, default: []].insert(target) }
      } else if functions.contains(target), !addressTaken.contains(target) {
        addressTaken.append(target)
      }
    } else if functions.contains(target), let constant = Self.constant(ofSection: section) {
      constants[constant, default: []].append(target)
      if !addressTaken.contains(target) { addressTaken.append(target) }
    }
  }

  /// `.text.run+0x1` as well as `run`
  private static func functionName(_ value: String) -> String {
    let symbol = value.split(separator: "+").first.map(String.init) ?? value
    return function(ofSection: symbol) ?? symbol
  }

  private static func function(ofSection section: String) -> String? {
    for prefix in [".text.unlikely.", ".text.startup.", ".text."] where section.hasPrefix(prefix) {
      return String(section.dropFirst(prefix.count))
    }
    return nil
  }

  private static func constant(ofSection section: String) -> String? {
    for prefix in [".rodata.", ".data.rel.ro.local.", ".data.rel.ro.", ".data."]
    where section.hasPrefix(prefix) {
      return String(section.dropFirst(prefix.count))
    }
    return nil
  }
}
