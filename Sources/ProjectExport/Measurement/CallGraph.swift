// SPDX-License-Identifier: Apache-2.0

/// Who calls whom in a program, and what each function takes of the stack.
struct CallGraph {
  /// A function: the object file that defines it, and its name. Library functions have no file.
  private struct Node: Hashable {
    var object: Int?
    var name: String
  }

  private let objects: [ObjectCode]
  private let library: LibraryCode
  private let addresses: [String: UInt64]
  private let definitions: [String: [Int]]

  /// - Parameters:
  ///   - objects: The program's object files.
  ///   - library: Its machine code.
  ///   - addresses: Addresses of its symbols.
  init(objects: [ObjectCode], library: LibraryCode, addresses: [String: UInt64]) {
    self.objects = objects
    self.library = library
    self.addresses = addresses
    var definitions: [String: [Int]] = [:]
    for (index, object) in objects.enumerated() {
      for name in object.frames.keys { definitions[name, default: []].append(index) }
    }
    self.definitions = definitions
  }

  /// A kernel, by the constant that describes it: its check and its run, and its object file.
  func kernel(_ symbol: String) throws(ProjectExportError) -> (check: Root, run: Root) {
    for (index, object) in objects.enumerated() {
      guard let functions = object.constants[symbol], functions.count == 2 else { continue }
      return (
        Root(function: functions[0], object: index), Root(function: functions[1], object: index)
      )
    }
    throw .stackUnknown(function: symbol, reason: "no object file defines it")
  }

  /// A function to start from.
  struct Root: Hashable {
    var function: String
    /// The object file that names it.
    var object: Int?
  }

  /// The deepest stack from a function on, in bytes.
  ///
  /// - Parameters:
  ///   - object: The object file that names it.
  ///   - kernels: What the runtime calls through its pointers.
  func depth(
    of function: String, in object: Int? = nil, kernels: [(check: Root, run: Root)] = []
  ) throws(ProjectExportError) -> Int {
    var search = Search(kernels: kernels, context: object)
    return try depth(of: try node(function, from: object), &search)
  }

  private struct Search {
    var kernels: [(check: Root, run: Root)]
    /// The object file of the kernel that is being looked at: its functions are what shared code
    /// calls through pointers.
    var context: Int?
    var known: [Node: Int] = [:]
    var path: Set<Node> = []
  }

  private func node(_ name: String, from object: Int?) throws(ProjectExportError) -> Node {
    if let object, objects[object].frames[name] != nil { return Node(object: object, name: name) }
    let candidates = definitions[name] ?? []
    if candidates.count == 1 { return Node(object: candidates[0], name: name) }
    guard candidates.isEmpty else {
      throw .stackUnknown(function: name, reason: "several files define it")
    }
    return Node(object: nil, name: name)
  }

  private func depth(of node: Node, _ search: inout Search) throws(ProjectExportError) -> Int {
    if let known = search.known[node] { return known }
    guard let object = node.object else { return try libraryDepth(of: node.name) }
    guard search.path.insert(node).inserted else {
      throw .stackUnknown(function: node.name, reason: "it calls itself")
    }
    let code = objects[object]
    guard !code.unbounded.contains(node.name) else {
      throw .stackUnknown(function: node.name, reason: "its frame has no fixed size")
    }
    var deepest = 0
    for callee in code.calls[node.name] ?? [] {
      deepest = max(deepest, try depth(of: try self.node(callee, from: object), &search))
    }
    if code.indirectCallers.contains(node.name) {
      deepest = max(deepest, try indirectDepth(from: node, object, &search))
    }
    search.path.remove(node)
    let depth = (code.frames[node.name] ?? 0) + deepest
    search.known[node] = depth
    return depth
  }

  private func indirectDepth(
    from node: Node, _ object: Int, _ search: inout Search
  ) throws(ProjectExportError) -> Int {
    var deepest = 0
    var targets = pointerTargets(of: object)
    if targets.isEmpty, let context = search.context { targets = pointerTargets(of: context) }
    guard targets.isEmpty else {
      let home = pointerTargets(of: object).isEmpty ? search.context ?? object : object
      for target in targets {
        deepest = max(deepest, try depth(of: try self.node(target, from: home), &search))
      }
      return deepest
    }
    // The runtime calls checks when it opens a blob and runs everywhere else.
    let opens = objects[object].frames["shunt_open"] != nil
    for kernel in search.kernels {
      let root = opens ? kernel.check : kernel.run
      deepest = max(deepest, try depth(of: root.function, in: root.object))
    }
    return deepest
  }

  /// Functions of an object file that may be behind a pointer, kernels apart.
  private func pointerTargets(of object: Int) -> [String] {
    let code = objects[object]
    let kernels = Set(
      code.constants.filter { $0.key.hasPrefix("shunt_") && $0.value.count == 2 }.flatMap(\.value))
    return code.addressTaken.filter { !kernels.contains($0) }
  }

  private func libraryDepth(of name: String) throws(ProjectExportError) -> Int {
    guard let address = addresses[name] else {
      throw .stackUnknown(function: name, reason: "it is not in the program")
    }
    var path: Set<UInt64> = []
    return try libraryDepth(of: address & ~1, name, &path)
  }

  private func libraryDepth(
    of address: UInt64, _ name: String, _ path: inout Set<UInt64>
  ) throws(ProjectExportError) -> Int {
    guard path.insert(address).inserted else {
      throw .stackUnknown(function: name, reason: "it calls itself")
    }
    guard let frame = library.frames[address] else {
      throw .stackUnknown(function: name, reason: "it is not in the disassembly")
    }
    var deepest = 0
    for callee in library.calls[address] ?? [] {
      deepest = max(deepest, try libraryDepth(of: callee, name, &path))
    }
    path.remove(address)
    return frame + deepest
  }
}
