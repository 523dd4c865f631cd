// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import Foundation
public import TensorFiles

/// Which file belongs to which input or output of a model, as users say it: `FILE` in the order of the
/// ports, or `NAME=FILE`.
public struct PortFiles: Sendable, Hashable {
  /// What the ports are.
  public enum Side: String, Sendable {
    /// Files that are read.
    case input
    /// Files that are written or compared with.
    case output
  }

  /// The file of each port; `nil` for a port that has none.
  public let paths: [String?]

  /// Assigns files to ports. Names go first; what has no name fills the ports that are left, in order.
  ///
  /// A name is that of the port, or the part of it that the user wrote when a converter put
  /// `serving_default_` before it and `:0` behind it. Names as they stand in the model file are taken
  /// too where a blob has shorter ones.
  ///
  /// - Parameters:
  ///   - arguments: What the user gave.
  ///   - ports: The inputs or the outputs of a model.
  ///   - side: Which of the two.
  ///   - option: The option's name, for messages: `--input`.
  /// - Throws: `TensorFilesError.unsuitable` for an unknown name, a port with two files, or more files
  ///   than ports; where `side` is ``Side/input`` also for a port without a file.
  public init(
    _ arguments: [String], ports: [BlobPort], side: Side, option: String
  ) throws(TensorFilesError) {
    try self.init(arguments, names: ports.map(\.name), side: side, option: option)
  }

  /// Assigns files to the ports with these names.
  package init(
    _ arguments: [String], names: [String], side: Side, option: String
  ) throws(TensorFilesError) {
    let list =
      "the model's \(side.rawValue)s are \(names.map { "'\($0)'" }.joined(separator: ", "))"
    var paths = [String?](repeating: nil, count: names.count)
    var unnamed: [String] = []
    for argument in arguments {
      guard let (port, path) = try Self.named(argument, names, list) else {
        unnamed.append(argument)
        continue
      }
      guard paths[port] == nil else {
        throw .unsuitable(
          path: path, reason: "the \(side.rawValue) '\(names[port])' has a file already",
          remedy: "give each \(side.rawValue) one file")
      }
      paths[port] = path
    }
    for path in unnamed {
      guard let port = paths.firstIndex(of: nil) else {
        throw .unsuitable(
          path: path, reason: "no \(side.rawValue) is left for it: \(list)",
          remedy: "give \(option) once for each, in this order or as NAME=FILE")
      }
      paths[port] = path
    }
    if side == .input, let port = paths.firstIndex(of: nil) {
      throw .unsuitable(
        path: option, reason: "the input '\(names[port])' has no file: \(list)",
        remedy: "give \(option) once for each, in this order or as NAME=FILE")
    }
    self.paths = paths
  }

  /// The port and the file of `NAME=FILE`; `nil` for a plain file.
  private static func named(
    _ argument: String, _ names: [String], _ list: String
  ) throws(TensorFilesError) -> (port: Int, path: String)? {
    // Names and files may both contain the sign: the longest name that fits is meant.
    let signs = argument.indices.filter { argument[$0] == "=" }
    for sign in signs.reversed() {
      if let port = port(named: argument[..<sign], names) {
        return (port, String(argument[argument.index(after: sign)...]))
      }
    }
    guard let first = signs.first, !argument[..<first].contains("/"),
      !FileManager.default.fileExists(atPath: argument)
    else { return nil }
    throw .unsuitable(
      path: argument, reason: "there is no '\(argument[..<first])': \(list)",
      remedy: "use one of these names, or write ./\(argument) for a file of that name")
  }

  private static func port(named name: Substring, _ names: [String]) -> Int? {
    if let exact = names.firstIndex(of: String(name)) { return exact }
    let short = NameShortener.shorten(String(name))
    let similar = names.indices.filter { plain(names[$0]) == name || names[$0] == short }
    return similar.count == 1 ? similar[0] : nil
  }

  /// A name without what converters add.
  private static func plain(_ name: String) -> Substring {
    var plain = name[...]
    let prefix = "serving_default_"
    if plain.hasPrefix(prefix) { plain = plain.dropFirst(prefix.count) }
    if plain.hasSuffix(":0") { plain = plain.dropLast(2) }
    return plain
  }
}
