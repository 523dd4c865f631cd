// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Finds the names of what the runtime has refused in a blob.
///
/// The runtime reports a kernel or a step only when sections, names and kernel indices are valid, but
/// nothing here relies on that: what cannot be read is called "?".
struct BlobCulprits {
  private let bytes: UnsafeRawBufferPointer

  /// Looks into `blob`, which must outlive this value.
  init(_ blob: AlignedMemory) {
    bytes = UnsafeRawBufferPointer(start: blob.start, count: blob.byteCount)
  }

  /// The error for entry `index` of the KERNELS section.
  func missingKernel(_ index: Int) -> HostRuntimeError {
    let kernel = record(shunt_blob_kernel_t.self, index, in: SHUNT_SECTION_KERNELS)
    return .missingKernel(
      name: kernel.map { string(at: $0.name) } ?? "?", id: Int(kernel?.id ?? 0),
      set: Int(kernel?.set ?? 0), version: Int(kernel?.version ?? 0))
  }

  /// The error for step `index`.
  func invalidStep(_ index: Int) -> HostRuntimeError {
    let step = record(shunt_blob_step_t.self, index, in: SHUNT_SECTION_STEPS)
    let kernel = step.flatMap {
      record(shunt_blob_kernel_t.self, Int($0.kernel), in: SHUNT_SECTION_KERNELS)
    }
    return .invalidStep(
      index: index, name: step.map { string(at: $0.name) } ?? "?",
      kernel: kernel.map { string(at: $0.name) } ?? "?")
  }

  /// The payload of the first section of a kind.
  private func section(_ kind: shunt_section_kind_t) -> UnsafeRawBufferPointer? {
    guard let header = load(shunt_blob_header_t.self, at: 0) else { return nil }
    for index in 0..<min(Int(header.section_count), SHUNT_MAX_SECTIONS) {
      let stride = MemoryLayout<shunt_blob_section_t>.stride
      let offset = Int(header.sections_offset) + index * stride
      guard let section = load(shunt_blob_section_t.self, at: offset) else { return nil }
      if section.kind == kind.rawValue {
        let end = Int(section.offset) + Int(section.bytes)
        return end <= bytes.count ? .init(rebasing: bytes[Int(section.offset)..<end]) : nil
      }
    }
    return nil
  }

  private func record<Record: BitwiseCopyable>(
    _ type: Record.Type, _ index: Int, in kind: shunt_section_kind_t
  ) -> Record? {
    guard let payload = section(kind) else { return nil }
    let stride = MemoryLayout<Record>.stride
    guard index >= 0, index < payload.count / stride else { return nil }
    return payload.loadUnaligned(fromByteOffset: index * stride, as: type)
  }

  private func string(at offset: UInt32) -> String {
    guard let strings = section(SHUNT_SECTION_STRINGS), Int(offset) < strings.count else {
      return "?"
    }
    return String(decoding: strings[Int(offset)...].prefix { $0 != 0 }, as: UTF8.self)
  }

  private func load<Record: BitwiseCopyable>(_ type: Record.Type, at offset: Int) -> Record? {
    guard offset >= 0, offset + MemoryLayout<Record>.size <= bytes.count else { return nil }
    return bytes.loadUnaligned(fromByteOffset: offset, as: type)
  }
}
