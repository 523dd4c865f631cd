// SPDX-License-Identifier: Apache-2.0
internal import BoardSupport
internal import CostModel
internal import TensorFiles

/// Files that users write or bring.
enum FileChecks {
  /// A board's definition has the key `soc`, a chip's has not.
  static func readDefinition(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let file = "Boards/fuzz/fuzz.yaml"
    do {
      if text.contains("soc:") {
        let board = try BoardCatalog.board(text, file: file)
        try BoardCatalog.check(board, chips: chips)
      } else {
        let chip = try BoardCatalog.chip(text, file: file)
        _ = try ChipCostModel(chip).cycles(of: InstructionCounts())
      }
    } catch {
      _ = "\(error)"
    }
  }

  /// What the boards refer to.
  private static let chips: [SoC] = {
    let text = """
      schema: 1
      id: fuzz
      name: "Fuzz"
      core: cortex-m4
      kernel_sets: [portable]
      clock_hz: 25_000_000
      memory:
        - { name: code, kind: ram, origin: 0x0, bytes: 0x400000 }
        - { name: ram, kind: ram, origin: 0x20000000, bytes: 0x400000 }
        - { name: big, kind: ram, origin: 0x21000000, bytes: 0x1000000 }
      """
    return (try? BoardCatalog.chip(text, file: "Boards/soc/fuzz.yaml")).map { [$0] } ?? []
  }()

  static func readScale(_ bytes: [UInt8]) {
    do throws(TensorFilesError) {
      let scale = try LinearQuantization.parse(bytes, path: "inputs.yaml")
      for real in [0, -1, 1, Float.greatestFiniteMagnitude, -.infinity, .nan] {
        let integer = scale.integer(real, in: -128...127)
        precondition((-128...127).contains(integer))
        _ = scale.real(integer)
      }
    } catch {
      _ = error.description
    }
  }

  static func readArray(_ bytes: [UInt8]) {
    do throws(TensorFilesError) {
      let array = try NumpyArray(fileBytes: bytes, path: "x.npy")
      _ = array.floats
      if let rows = array.shape.first, rows > 0 {
        _ = array.row(rows - 1)
        _ = array.selecting(rows: [0, rows - 1])
      }
      let converter = InputConverter(
        elementKind: .int8, shape: array.shape,
        quantization: LinearQuantization(scale: 0.5, zeroPoint: 3))
      _ = try converter.convert(array, source: nil, path: "x.npy")
    } catch {
      _ = error.description
    }
  }

  static func readLabels(_ bytes: [UInt8]) {
    do throws(TensorFilesError) {
      let table = try LabelTable(text: bytes, path: "labels.csv")
      for split in [Split.all, .calib, .test] { _ = table.rows(in: split) }
      for entry in table.entries { precondition(table.label(ofRow: entry.row) == entry.label) }
      try DataSet.check(table, rowCount: 10)
    } catch {
      _ = error.description
    }
  }

  static func readCounters(_ bytes: [UInt8]) {
    var stream = CounterStream()
    var rest = bytes[...]
    do throws(CostModelError) {
      while let first = rest.first {
        let count = min(1 + Int(first), rest.count)
        for record in try stream.append(rest.prefix(count)) { _ = record.counts.total }
        rest = rest.dropFirst(count)
      }
    } catch {
      _ = error.description
    }
  }
}
