// SPDX-License-Identifier: Apache-2.0
public import BlobFormat

/// A blob that cannot be read, or a model that cannot be packed, with the file that it stands in.
public struct DeploymentError: Error, Equatable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What is wrong with it.
  public var problem: BlobFormatError

  /// The file, and what is wrong with it.
  public var description: String { "\(path): \(problem)" }

  /// Runs `body` and adds the file to its errors.
  public static func naming<Value>(
    _ path: String, _ body: () throws(BlobFormatError) -> Value
  ) throws(DeploymentError) -> Value {
    do {
      return try body()
    } catch {
      throw DeploymentError(path: path, problem: error)
    }
  }
}
