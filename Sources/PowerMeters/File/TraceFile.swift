// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Reads recordings of power from files, whatever wrote them.
public enum TraceFile {
  /// Larger files are refused, in bytes.
  public static let maximumBytes = 1 << 30

  /// Reads a recording.
  ///
  /// - Parameter path: An MLPerf Tiny runner's `results.json`, an EnergyRunner folder or its
  ///   `-energy.bin`, or a CSV file with the columns `time_s,current_a,voltage_v[,phase]`.
  /// - Throws: ``PowerMetersError/file(path:problem:)``,
  ///   ``PowerMetersError/malformedFile(path:problem:)``.
  public static func read(_ path: String) throws(PowerMetersError) -> RecordedEnergy {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .file(path: path, problem: "there is no such file")
    }
    if isFolder.boolValue { return try EnergyRunnerRecording.read(folder: path) }
    if path.hasSuffix("-energy.bin") {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      return try EnergyRunnerRecording.read(
        folder: folder, energyFile: URL(fileURLWithPath: path).lastPathComponent)
    }
    return try parse(try contents(of: path), path: path)
  }

  /// Reads the contents of a recording that is one file.
  package static func parse(
    _ bytes: Data, path: String
  ) throws(PowerMetersError) -> RecordedEnergy {
    if bytes.prefix(64).first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "[") {
      return try RunnerRecording.read(bytes, path: path)
    }
    return try CSVRecording.read(bytes, path: path)
  }

  /// All bytes of a file, if it is not absurdly large.
  static func contents(of path: String) throws(PowerMetersError) -> Data {
    let size: Int
    let data: Data
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      size = (attributes[.size] as? NSNumber)?.intValue ?? 0
      guard size <= maximumBytes else {
        throw PowerMetersError.file(
          path: path, problem: "it has \(size) bytes; at most \(maximumBytes) are read")
      }
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch let error as PowerMetersError {
      throw error
    } catch {
      throw .file(path: path, problem: "it cannot be read")
    }
    return data
  }
}
