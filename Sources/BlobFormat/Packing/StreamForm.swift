// SPDX-License-Identifier: Apache-2.0

/// How a model that reads a stream keeps the latest rows from one inference to the next.
public enum StreamForm: Int, Sendable, Comparable {
  /// As the model says: the rows are joined with the new ones, and copied back.
  case copies
  /// In one buffer, whose rows move up to make room for the new ones.
  case sliding
  /// In one buffer, whose oldest rows are overwritten, where all that reads it can read around its end;
  /// else as ``sliding``.
  case ring

  /// Orders by what each form saves.
  public static func < (a: StreamForm, b: StreamForm) -> Bool { a.rawValue < b.rawValue }
}
