// SPDX-License-Identifier: Apache-2.0

/// What can go wrong between counted instructions and modelled figures.
public enum CostModelError: Error, Equatable, CustomStringConvertible {
  /// There is no cycle model for a core.
  case unknownCore(core: String, known: [String])
  /// A chip's definition states no power, or no clock, that energy could be computed from.
  case noPowerFigures(chip: String, problem: String)
  /// The bytes are not records of the instruction counter.
  case malformedRecord(offset: Int, problem: String)
  /// The counter's records run backwards.
  case countersRanBackwards(offset: Int)

  /// The error in one sentence, with its remedy.
  public var description: String {
    switch self {
    case .unknownCore(let core, let known):
      "there is no cycle model for \(core) (there is for: \(known.joined(separator: ", "))). "
        + "Instructions can be counted; cycles, time and energy cannot be modelled"
    case .noPowerFigures(let chip, let problem):
      "the energy of \(chip) cannot be modelled: \(problem). "
        + "Add `power` with a source to its file in Boards/soc"
    case .malformedRecord(let offset, let problem):
      "the instruction counter's stream is damaged at byte \(offset): \(problem). "
        + "Rebuild Tools/qemu-plugin: plugin and tool must be of one version"
    case .countersRanBackwards(let offset):
      "the instruction counter ran backwards at byte \(offset) of its stream. "
        + "Two emulators must not write to one file"
    }
  }
}
