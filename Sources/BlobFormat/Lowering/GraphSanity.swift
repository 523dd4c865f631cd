// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What lowering relies on, checked once, so that a graph made by hand cannot make it trap.
enum GraphSanity {
  /// - Throws: ``BlobFormatError/illegalGraph(reason:remedy:)``.
  static func check(_ graph: Graph) throws(BlobFormatError) {
    do throws(ModelGraphError) {
      try graph.verify()
    } catch {
      throw .illegalGraph(reason: error.description, remedy: "")
    }
  }
}
