// SPDX-License-Identifier: Apache-2.0

/// Why a blob could not be exported.
public enum ProjectExportError: Error, Equatable, CustomStringConvertible {
  /// The blob names a kernel whose source is not here.
  case kernelMissing(kernel: String)
  /// An input or output has a type that C has no name for.
  case unsupportedType(port: String, type: String)
  /// The folder holds something else.
  case folderNotEmpty(path: String)
  /// A file of an earlier export was changed since.
  case fileChanged(path: String, file: String)
  /// A project cannot take the place of what this path names.
  case unusablePlace(path: String, problem: String)
  /// A file could not be read or written.
  case file(path: String, problem: String)
  /// The deepest stack is not known.
  case stackUnknown(function: String, reason: String)
  /// A template is wrong: a fault of this program.
  case template(name: String, detail: String)

  /// The error in one sentence, with its remedy.
  public var description: String {
    switch self {
    case .kernelMissing(let kernel):
      "the blob needs kernel \(kernel), which this version of Shunt has no source of: compile the "
        + "model again"
    case .unsupportedType(let port, let type):
      "\(port) has type \(type), which C has no name for: export a model with another type there"
    case .folderNotEmpty(let path):
      "\(path) is not empty and no earlier export: name another folder, or say --force to write "
        + "into it"
    case .fileChanged(let path, let file):
      "\(path): \(file) was changed since it was exported: name another folder, or say --force to "
        + "replace it"
    case .unusablePlace(let path, let problem):
      "\(path): \(problem): name another folder"
    case .file(let path, let problem):
      "\(path): \(problem)"
    case .stackUnknown(let function, let reason):
      "the stack of \(function) is not known: \(reason)"
    case .template(let name, let detail):
      "template \(name) is wrong: \(detail)"
    }
  }
}
