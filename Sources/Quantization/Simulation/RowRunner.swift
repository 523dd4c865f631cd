// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// Runs networks over calibration rows, on several threads.
struct RowRunner: Sendable {
  let calibration: CalibrationData
  let threads: Int

  /// Up to `limit` of the rows with these numbers, evenly spread.
  static func spread(_ rows: [Int], limit: Int) -> [Int] {
    guard rows.count > limit else { return rows }
    return (0..<limit).map { rows[$0 * rows.count / limit] }
  }

  /// The numbers of all rows.
  var allRows: [Int] { Array(0..<calibration.rowCount) }

  /// Results of `body` for rows, in their order. Each thread has contexts of its own, one for each
  /// executor, whose inputs are set unless `setsInputs` is false.
  func map<Value: Sendable>(
    _ rows: [Int], _ executors: [FloatExecutor], setsInputs: Bool = true,
    _ body:
      @Sendable (_ contexts: [FloatContext], _ row: Int, _ thread: Int)
      throws(GraphExecutionError) -> Value
  ) throws(QuantizationError) -> [Value] {
    let results = Slots<Result<Value, GraphExecutionError>>(count: rows.count)
    let contexts = Slots<[FloatContext]>(count: threads)
    ParallelRows.forEach(count: rows.count, threads: threads) { position, thread in
      let own = contexts[thread] ?? executors.map { $0.makeContext() }
      contexts[thread] = own
      results[position] = Result { () throws(GraphExecutionError) -> Value in
        if setsInputs {
          for (context, executor) in zip(own, executors) {
            setInputs(of: context, executor.graph.inputs, row: rows[position])
          }
        }
        return try body(own, rows[position], thread)
      }
    }
    var values: [Value] = []
    for position in rows.indices {
      switch results[position] {
      case .success(let value): values.append(value)
      case .failure(let error): throw .execution(error.description)
      case nil: break
      }
    }
    return values
  }

  private func setInputs(of context: FloatContext, _ inputs: [TensorID], row: Int) {
    for (port, input) in inputs.enumerated() {
      calibration.inputs[port].withUnsafeBufferPointer { values in
        context.withFloats(input) { target in
          let count = target.count
          _ = target.update(
            fromContentsOf: UnsafeBufferPointer(rebasing: values[row * count..<(row + 1) * count]))
        }
      }
    }
  }
}

/// Places that threads fill, each one its own.
final class Slots<Element>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Element?>
  private let count: Int

  init(count: Int) {
    self.count = max(1, count)
    base = .allocate(capacity: self.count)
    base.initialize(repeating: nil, count: self.count)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(index: Int) -> Element? {
    get { base[index] }
    set { base[index] = newValue }
  }

  /// What was filled, in order.
  var filled: [Element] { (0..<count).compactMap { base[$0] } }
}
