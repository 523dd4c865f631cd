// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The outcomes of all tests of a folder.
public struct NodeTestSurvey: Sendable {
  /// A test and how it went.
  public struct Entry: Sendable {
    /// The test.
    public var test: NodeTest
    /// How it went.
    public var outcome: NodeTestOutcome
  }

  /// The version of the package `onnx` from which the tests come.
  public let version: String
  /// All tests, by kind and name.
  public let entries: [Entry]

  /// Runs all tests of a folder, on all cores.
  public init(of folder: NodeTestFolder) {
    version = folder.version
    let tests = folder.tests
    let outcomes = Outcomes(count: tests.count)
    DispatchQueue.concurrentPerform(iterations: tests.count) { index in
      outcomes.set(NodeTestRun(tests[index], in: folder).outcome(), at: index)
    }
    entries = zip(tests, outcomes.all).map { Entry(test: $0, outcome: $1) }
  }
}

/// Outcomes that several threads fill in.
private final class Outcomes: @unchecked Sendable {
  private var values: [NodeTestOutcome]
  private let lock = NSLock()

  init(count: Int) {
    values = [NodeTestOutcome](repeating: .failed("not run"), count: count)
  }

  func set(_ outcome: NodeTestOutcome, at index: Int) {
    lock.withLock { values[index] = outcome }
  }

  var all: [NodeTestOutcome] { lock.withLock { values } }
}
