// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Reads the steps of a blob whose tensors and kernels are known.
struct StepReader {
  let reader: BlobReader
  let header: BlobHeader
  let tensors: [BlobTensor]
  let kernels: [BlobKernel]
  let constants: Range<Int>

  func steps() throws(BlobFormatError) -> [BlobStep] {
    let records = try reader.records(shunt_blob_step_t.self, SHUNT_SECTION_STEPS)
    guard records.count <= SHUNT_MAX_STEPS else {
      throw .malformed(
        place: "STEPS", reason: "there are \(records.count), at most \(SHUNT_MAX_STEPS)")
    }
    var result: [BlobStep] = []
    for (index, record) in records.enumerated() {
      result.append(try step(record, index: index))
    }
    return result
  }

  private func step(_ record: shunt_blob_step_t, index: Int) throws(BlobFormatError) -> BlobStep {
    let place = "step \(index)"
    func illegal(_ reason: String) -> BlobFormatError { .malformed(place: place, reason: reason) }
    guard let requantization = Requantization(code: Int(record.flags)), record.reserved == 0 else {
      throw illegal("a reserved field is not 0")
    }
    guard kernels.indices.contains(Int(record.kernel)) else {
      throw illegal("there is no kernel \(record.kernel)")
    }
    let counts = (inputs: Int(record.input_count), outputs: Int(record.output_count))
    let operands = try reader.indices(
      record.operands, counts.inputs + counts.outputs, place: place)
    for operand in operands where !tensors.indices.contains(operand) {
      throw illegal("there is no tensor \(operand)")
    }
    for operand in operands where tensors[operand].storage == .arena {
      guard (tensors[operand].firstStep...tensors[operand].lastStep).contains(index) else {
        throw illegal("its operand, tensor \(operand), is not kept during the step")
      }
    }
    for output in operands.dropFirst(counts.inputs) where tensors[output].storage == .constant {
      throw illegal("it writes tensor \(output), a constant")
    }
    let parameters = range(record.params_offset, record.params_bytes)
    guard BlobReader.isAligned(parameters.lowerBound),
      parameters.lowerBound >= constants.lowerBound, parameters.upperBound <= constants.upperBound
    else { throw illegal("its parameters do not lie in CONSTANTS") }
    let scratch = range(record.scratch_offset, record.scratch_bytes)
    try check(scratch: scratch, place: place)
    let sources = try reader.indices(record.sources, Int(record.source_count), place: place)
    return BlobStep(
      name: try reader.string(record.name, place: place), kernel: Int(record.kernel),
      requantization: requantization,
      inputs: Array(operands.prefix(counts.inputs)),
      outputs: Array(operands.dropFirst(counts.inputs)), parameterRange: parameters,
      parameters: ParameterDecoder(view: reader.view, range: parameters)
        .fields(of: kernels[Int(record.kernel)]),
      scratch: scratch, sources: sources, macs: Int(clamping: record.macs))
  }

  private func range(_ offset: UInt32, _ count: UInt32) -> Range<Int> {
    Int(offset)..<(Int(offset) + Int(count))
  }

  private func check(scratch: Range<Int>, place: String) throws(BlobFormatError) {
    guard !scratch.isEmpty || scratch.lowerBound == 0, BlobReader.isAligned(scratch.lowerBound),
      scratch.upperBound <= header.arenaBytes, !scratch.overlaps(header.state)
    else { throw .malformed(place: place, reason: "its scratch does not lie in the arena") }
  }
}
