// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Which runs to list; what is `nil` does not restrict.
public struct RunFilter: Equatable, Sendable {
  /// Runs of this board id.
  public var board: String?
  /// Runs of blobs whose SHA-256 begins so.
  public var blob: String?
  /// Runs of graphs whose SHA-256 begins so.
  public var graph: String?
  /// Runs of networks of this name.
  public var model: String?
  /// Runs made at this time or later.
  public var since: Date?
  /// At most so many, the latest.
  public var limit: Int?

  /// Makes a filter.
  public init(
    board: String? = nil, blob: String? = nil, graph: String? = nil, model: String? = nil,
    since: Date? = nil, limit: Int? = nil
  ) {
    self.board = board
    self.blob = blob
    self.graph = graph
    self.model = model
    self.since = since
    self.limit = limit
  }
}
