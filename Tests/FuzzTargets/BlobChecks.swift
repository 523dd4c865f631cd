// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import CShuntRuntime

/// Blobs, as the host reads them.
enum BlobChecks {
  static func read(_ bytes: [UInt8]) {
    var blob = bytes
    seal(&blob)
    do throws(BlobFormatError) {
      let document = try Blob.parse(blob)
      for step in document.steps.indices { _ = document.bytesTaken(duringStep: step) }
      _ = BlobDisassembly(document)
    } catch {
      _ = error.description
    }
  }

  /// Makes what stands before the covered bytes right, so that the rules behind them are reached.
  private static func seal(_ blob: inout [UInt8]) {
    let start = Int(SHUNT_BLOB_CRC_START)
    guard blob.count >= MemoryLayout<shunt_blob_header_t>.size else { return }
    blob.removeLast(blob.count % Int(SHUNT_BLOB_ALIGNMENT))
    put(UInt32(blob.count), at: 12, into: &blob)
    let crc = blob.withUnsafeBytes {
      shunt_crc32(0, $0.baseAddress.map { $0 + start }, $0.count - start)
    }
    put(crc, at: 16, into: &blob)
  }

  private static func put(_ value: UInt32, at offset: Int, into bytes: inout [UInt8]) {
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
    }
  }
}
