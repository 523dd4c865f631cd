// SPDX-License-Identifier: Apache-2.0

/// The part of `Firmware/runtime` that a choice of kernels needs. Paths are relative to that folder.
struct RuntimeFiles: Equatable {
  /// C files of the runtime itself.
  var runtimeSources: [String] = []
  /// C files of kernels and what they share, by kernel set.
  var kernelSources: [String: [String]] = [:]
  /// Headers that an application includes.
  var publicHeaders: [String] = []
  /// All other headers.
  var privateHeaders: [String] = []

  /// Where a file goes in an exported project.
  func destination(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if publicHeaders.contains(path) { return "include/" + name }
    // Headers of the runtime stand beside its sources there, apart from the public ones.
    if path.hasPrefix("include/") || path.hasPrefix("source/") { return "runtime/source/" + name }
    return "runtime/" + path
  }

  /// All of them, sorted.
  var all: [String] {
    (runtimeSources + kernelSources.values.flatMap { $0 } + publicHeaders + privateHeaders).sorted()
  }
}
