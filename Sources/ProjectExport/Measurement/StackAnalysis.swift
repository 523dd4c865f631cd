// SPDX-License-Identifier: Apache-2.0
internal import BoardSupport
internal import Foundation

/// The deepest stacks of a program that GCC built with `-fcallgraph-info=su`.
public struct StackAnalysis {
  private let graph: CallGraph

  /// Reads a build.
  ///
  /// - Parameters:
  ///   - buildFolder: Holds the object files and, beside them, what the compiler says of each.
  ///   - elf: The linked program.
  public init(buildFolder: String, elf: String) throws {
    var objects: [ObjectCode] = []
    var files: [String] = []
    for (object, graph) in try Self.objectFiles(in: buildFolder) {
      var code = ObjectCode()
      code.addCallGraph(graph)
      objects.append(code)
      files.append(object)
    }
    guard !files.isEmpty else {
      throw ProjectExportError.stackUnknown(
        function: elf, reason: "its compiler wrote no call graph (GCC 10 or later does)")
    }
    try Self.addRelocations(of: files, to: &objects)
    let disassembly = try Self.run("objdump", ["-d", "--no-show-raw-insn", elf])
    graph = CallGraph(
      objects: objects, library: LibraryCode(disassembly: disassembly),
      addresses: try Self.symbols(of: elf))
  }

  /// The figures of the runtime with some kernels.
  ///
  /// - Parameter kernels: Symbols without prefix: `conv2d_s8_portable`.
  public func figures(kernels: [String]) throws(ProjectExportError) -> StackFigures {
    let roots = try self.roots(of: kernels)
    var depths: [String: Int] = [:]
    for (kernel, root) in zip(kernels, roots) {
      depths[kernel] = max(
        try graph.depth(of: root.check.function, in: root.check.object),
        try graph.depth(of: root.run.function, in: root.run.object))
    }
    return StackFigures(
      openBytes: try graph.depth(of: "shunt_open", kernels: roots),
      runBytes: try graph.depth(of: "shunt_run", kernels: roots),
      runtimeBytes: max(
        try graph.depth(of: "shunt_open"), try graph.depth(of: "shunt_bind"),
        try graph.depth(of: "shunt_run")),
      kernels: depths)
  }

  /// The deepest stack from one function on, with some kernels behind the runtime's pointers.
  ///
  /// - Parameters:
  ///   - function: Its symbol.
  ///   - kernels: Symbols without prefix.
  public func depth(
    of function: String, kernels: [String]
  ) throws(ProjectExportError) -> Int {
    try graph.depth(of: function, kernels: try roots(of: kernels))
  }

  private func roots(
    of kernels: [String]
  ) throws(ProjectExportError) -> [(check: CallGraph.Root, run: CallGraph.Root)] {
    var roots: [(check: CallGraph.Root, run: CallGraph.Root)] = []
    for kernel in kernels { roots.append(try graph.kernel("shunt_" + kernel)) }
    return roots
  }

  /// Object files that have a call graph beside them, and that graph.
  private static func objectFiles(in folder: String) throws -> [(String, String)] {
    let files = FileManager.default
    guard let walker = files.enumerator(atPath: folder) else {
      throw ProjectExportError.file(path: folder, problem: "cannot be read")
    }
    var found: [(String, String)] = []
    while let name = walker.nextObject() as? String {
      guard name.hasSuffix(".ci"), let data = files.contents(atPath: "\(folder)/\(name)") else {
        continue
      }
      let stem = "\(folder)/\(name.dropLast(3))"
      guard let object = [".o", ".obj"].map({ stem + $0 }).first(where: files.fileExists) else {
        continue
      }
      found.append((object, String(decoding: data, as: UTF8.self)))
    }
    return found.sorted { $0.0 < $1.0 }
  }

  private static func addRelocations(
    of files: [String], to objects: inout [ObjectCode]
  ) throws(BoardSupportError) {
    let functions = Set(objects.flatMap(\.frames.keys))
    let listing = try run("objdump", ["-r"] + files)
    var object = -1
    var section = ""
    for line in listing.split(separator: "\n") {
      if line.contains("file format ") {
        object += 1
      } else if line.hasPrefix("RELOCATION RECORDS FOR [") {
        section = String(line.dropFirst(24).prefix { $0 != "]" })
      } else if objects.indices.contains(object) {
        let fields = line.split(separator: " ")
        guard fields.count == 3, fields[1].hasPrefix("R_") else { continue }
        objects[object].addRelocation(
          section: section, type: String(fields[1]), value: String(fields[2]),
          functions: functions)
      }
    }
  }

  private static func symbols(of elf: String) throws(BoardSupportError) -> [String: UInt64] {
    var symbols: [String: UInt64] = [:]
    for line in try run("nm", ["--defined-only", elf]).split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count == 3, let address = UInt64(fields[0], radix: 16) {
        symbols[String(fields[2])] = address
      }
    }
    return symbols
  }

  private static func run(
    _ tool: String, _ arguments: [String]
  ) throws(BoardSupportError) -> String {
    let toolchain = Toolchain(core: "cortex-m")
    let program = toolchain.tool(tool)
    let result = try Subprocess.run(program, arguments, package: toolchain.packages)
    guard result.status == 0 else {
      throw .buildFailed(board: "Cortex-M", command: program, output: result.output)
    }
    return result.output
  }
}
