// SPDX-License-Identifier: Apache-2.0
internal import GRDB

extension ResultStoreError {
  /// The cause of a database error in the user's terms; errors of this module pass unchanged.
  init(_ error: any Error, path: String, busySeconds: Int) {
    if let error = error as? ResultStoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = .failed(path: path, detail: "\(error)")
      return
    }
    let detail = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode.primaryResultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path, seconds: busySeconds)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path: path)
    case .SQLITE_CORRUPT: self = .corrupt(path: path, detail: detail)
    case .SQLITE_NOTADB: self = .notAStore(path: path)
    case .SQLITE_CANTOPEN: self = .cannotOpen(path: path, detail: detail)
    default: self = .failed(path: path, detail: detail)
    }
  }
}
