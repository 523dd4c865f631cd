// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import Foundation

/// Chooses the runtime's files for some kernels by following their `#include` lines: a header
/// brings the C file of the same name beside it.
struct RuntimeSelector {
  /// `Firmware/runtime`
  let root: String
  private var files = RuntimeFiles()
  private var queue: [String] = []
  private var seen: Set<String> = []

  /// The files that `kernels` need.
  static func files(
    for kernels: [BlobKernel], root: String
  ) throws(ProjectExportError) -> RuntimeFiles {
    var selector = RuntimeSelector(root: root)
    try selector.select(kernels)
    return selector.files
  }

  private init(root: String) { self.root = root }

  private mutating func select(_ kernels: [BlobKernel]) throws(ProjectExportError) {
    take("include/shunt.h")
    try followAll()
    files.publicHeaders = files.privateHeaders.sorted()
    files.privateHeaders = []
    for name in try names(in: "source") where name.hasSuffix(".c") { take("source/" + name) }
    for kernel in kernels { take(try source(of: kernel)) }
    try followAll()
    files.runtimeSources.sort()
    files.privateHeaders.sort()
    files.kernelSources = files.kernelSources.mapValues { $0.sorted() }
  }

  /// The C file that defines a kernel: the one of its name, as a rule.
  private func source(of kernel: BlobKernel) throws(ProjectExportError) -> String {
    // The name comes from the catalog of kernels, not from the blob, which anybody may have written.
    guard let name = kernel.kind?.rawValue else { throw .kernelMissing(kernel: kernel.symbol) }
    let folder = "kernels/\(kernel.set.rawValue)"
    let usual = "\(folder)/\(name).c"
    if exists(usual) { return usual }
    guard exists(folder) else { throw .kernelMissing(kernel: kernel.symbol) }
    for file in try names(in: folder) where file.hasSuffix(".c") {
      let text = try text(of: "\(folder)/\(file)")
      if text.contains("(\(name))") || text.contains("(\(name),") { return "\(folder)/\(file)" }
    }
    throw .kernelMissing(kernel: kernel.symbol)
  }

  private mutating func take(_ path: String) {
    guard seen.insert(path).inserted else { return }
    queue.append(path)
    if path.hasSuffix(".h") {
      files.privateHeaders.append(path)
      let companion = String(path.dropLast(2)) + ".c"
      if path.hasPrefix("kernels/"), exists(companion) { take(companion) }
    } else if let set = Self.kernelSet(of: path) {
      files.kernelSources[set, default: []].append(path)
    } else {
      files.runtimeSources.append(path)
    }
  }

  private mutating func followAll() throws(ProjectExportError) {
    while let path = queue.popLast() {
      for name in Self.includes(in: try text(of: path)) {
        guard let header = resolve(name, from: path) else {
          throw .file(
            path: "\(root)/\(path)", problem: "includes \"\(name)\", which is not there")
        }
        take(header)
      }
    }
  }

  private static func kernelSet(of path: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "kernels" ? String(parts[1]) : nil
  }

  /// The names in quotes behind `#include`.
  static func includes(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let trimmed = line.drop { $0 == " " }
      guard trimmed.hasPrefix("#") else { return nil }
      let directive = trimmed.dropFirst().drop { $0 == " " }
      guard directive.hasPrefix("include") else { return nil }
      let parts = directive.split(separator: "\"", omittingEmptySubsequences: false)
      return parts.count >= 3 ? String(parts[1]) : nil
    }
  }

  private func resolve(_ name: String, from path: String) -> String? {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    var candidates = [folder + "/" + name, "include/" + name]
    if let set = Self.kernelSet(of: path) { candidates.append("kernels/\(set)/include/\(name)") }
    candidates.append("kernels/portable/" + name)
    return candidates.map(Self.normalized).first { exists($0) }
  }

  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      if part == "..", !parts.isEmpty {
        parts.removeLast()
      } else if part != "." {
        parts.append(part)
      }
    }
    return parts.joined(separator: "/")
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(root)/\(path)")
  }

  private func names(in folder: String) throws(ProjectExportError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted()
    } catch {
      throw .file(path: "\(root)/\(folder)", problem: "cannot be read")
    }
  }

  private func text(of path: String) throws(ProjectExportError) -> String {
    guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else {
      throw .file(path: "\(root)/\(path)", problem: "cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
