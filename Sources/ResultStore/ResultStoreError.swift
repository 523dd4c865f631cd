// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// What can go wrong between a run and the store's file.
public enum ResultStoreError: Error, Equatable, Sendable, CustomStringConvertible, LocalizedError {
  /// The file or its directory cannot be opened or made.
  case cannotOpen(path: String, detail: String)
  /// Another process kept the store locked for too long.
  case locked(path: String, seconds: Int)
  /// There is no room to write.
  case diskFull(path: String)
  /// The file or its directory cannot be written.
  case readOnly(path: String)
  /// The file is a store, but damaged.
  case corrupt(path: String, detail: String)
  /// The file is something else.
  case notAStore(path: String)
  /// The store was written by a later version of Shunt.
  case newerSchema(path: String, found: Int, supported: Int)
  /// No run is selected by this.
  case noSuchRun(selector: String)
  /// More than one run has a name that begins like this.
  case ambiguousRun(prefix: String, candidates: [String])
  /// Another run of the same name is stored.
  case differentRunOfSameName(run: String)
  /// The record's `raw_series` does not describe the series given with it.
  case seriesMismatch(run: String)
  /// A stored record or series cannot be read.
  case damagedRun(run: String, detail: String)
  /// The database refused for another reason.
  case failed(path: String, detail: String)

  /// Names the thing, the limit and the remedy.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let detail):
      "cannot open the result store \(path): \(detail)"
    case .locked(let path, let seconds):
      "the result store \(path) was locked by another process for \(seconds) s; nothing was written,"
        + " try again when it has finished"
    case .diskFull(let path):
      "no room to write the result store \(path); the run was not stored, free some space"
    case .readOnly(let path):
      "the result store \(path) cannot be written; check its permissions and its directory's"
    case .corrupt(let path, let detail):
      "the result store \(path) is damaged (\(detail)); move it away, or restore a copy"
    case .notAStore(let path):
      "\(path) is not a result store of shunt; choose another path"
    case .newerSchema(let path, let found, let supported):
      "the result store \(path) has schema \(found), this shunt knows up to \(supported); update shunt"
    case .noSuchRun(let selector):
      "there is no run \(selector); `shunt runs` lists them"
    case .ambiguousRun(let prefix, let candidates):
      "\(prefix) may be any of \(candidates.joined(separator: ", ")); give more of the name"
    case .differentRunOfSameName(let run):
      "another run named \(run) is stored already; nothing was overwritten"
    case .seriesMismatch(let run):
      "the raw series given with run \(run) is not the one its record describes; nothing was stored"
    case .damagedRun(let run, let detail):
      "run \(run) cannot be read: \(detail)"
    case .failed(let path, let detail):
      "the result store \(path) refused: \(detail)"
    }
  }

  /// The same text, for callers that go through Foundation.
  public var errorDescription: String? { description }
}
