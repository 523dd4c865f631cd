// SPDX-License-Identifier: Apache-2.0

/// No step may destroy what is still needed: the rules of the format about shared arena bytes.
struct OverlapCheck {
  let header: BlobHeader
  let tensors: [BlobTensor]
  let steps: [BlobStep]
  let inputs: [BlobPort]

  /// - Throws: ``BlobFormatError/malformed(place:reason:)`` for the first step that does.
  /// - Complexity: O(steps × tensors).
  func run() throws(BlobFormatError) {
    try checkInputs()
    for (index, step) in steps.enumerated() {
      try checkOutputsDiffer(step, index)
      for (tensor, record) in tensors.enumerated() where isAlive(record, during: index) {
        try check(step, index, against: tensor)
      }
      if header.inputSurvives { try checkInputsSpared(by: step, index) }
    }
  }

  private func checkInputs() throws(BlobFormatError) {
    for (index, port) in inputs.enumerated() {
      for other in inputs[..<index] where arenaRange(port.tensor).overlaps(arenaRange(other.tensor))
      {
        throw .malformed(place: "input \(index)", reason: "it overlaps another input")
      }
    }
  }

  private func checkOutputsDiffer(_ step: BlobStep, _ index: Int) throws(BlobFormatError) {
    guard Set(step.outputs).count == step.outputs.count else {
      throw .malformed(place: "step \(index)", reason: "it has one tensor as two outputs")
    }
  }

  private func check(_ step: BlobStep, _ index: Int, against tensor: Int) throws(BlobFormatError) {
    let range = arenaRange(tensor)
    if step.scratch.overlaps(range) {
      throw .malformed(place: "step \(index)", reason: "its scratch overlaps tensor \(tensor)")
    }
    // An input that is read for the last time may be overwritten, if the kernel agrees.
    let mayDie =
      tensors[tensor].storage == .arena && tensors[tensor].lastStep == index
      && step.inputs.contains(tensor)
    guard !mayDie else { return }
    for output in step.outputs where output != tensor && arenaRange(output).overlaps(range) {
      throw .malformed(
        place: "step \(index)", reason: "it writes over tensor \(tensor), which is still needed")
    }
  }

  private func checkInputsSpared(by step: BlobStep, _ index: Int) throws(BlobFormatError) {
    for port in inputs {
      let range = arenaRange(port.tensor)
      if step.scratch.overlaps(range)
        || step.outputs.contains(where: { arenaRange($0).overlaps(range) })
      {
        throw .malformed(
          place: "step \(index)", reason: "it writes over an input that is said to survive")
      }
    }
  }

  private func isAlive(_ tensor: BlobTensor, during step: Int) -> Bool {
    switch tensor.storage {
    case .arena: tensor.firstStep <= step && step <= tensor.lastStep
    case .state: true
    case .constant: false
    }
  }

  /// The bytes of the arena that a tensor takes; none for a constant.
  private func arenaRange(_ index: Int) -> Range<Int> {
    let tensor = tensors[index]
    return tensor.storage == .constant ? 0..<0 : tensor.offset..<(tensor.offset + tensor.bytes)
  }
}
