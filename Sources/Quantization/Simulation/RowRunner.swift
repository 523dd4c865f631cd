// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// Runs networks over calibration rows, on several threads.
struct RowRunner: Sendable {
  let calibration: CalibrationData
  let threads: Int
  private let pool: ContextPool

  init(calibration: CalibrationData, threads: Int) {
    self.calibration = calibration
    self.threads = threads
    pool = ContextPool(threads: threads)
  }

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
      let own = contexts[thread] ?? pool.contexts(thread, executors)
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

/// Contexts of the last runs of each thread, for use by the next: their memory is large.
private struct ContextPool: Sendable {
  private let kept: Slots<[FloatContext]>

  init(threads: Int) { kept = Slots(count: threads) }

  /// Contexts of a thread, one for each executor; the caller is the only one to use them until it asks
  /// again.
  func contexts(_ thread: Int, _ executors: [FloatExecutor]) -> [FloatContext] {
    var free = kept[thread] ?? []
    let contexts = executors.map { executor in
      if let place = free.firstIndex(where: { $0.adopt(executor) }) {
        return free.remove(at: place)
      }
      return executor.makeContext()
    }
    kept[thread] = contexts
    return contexts
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
