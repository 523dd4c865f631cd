// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import CostModel
import Foundation
import Testing

@Suite("ChipCostModel")
struct ChipCostModelTests {
  @Test("a second of cycles takes the active power for a second")
  func computesEnergy() throws {
    let model = try ChipCostModel(try chip())
    var counts = InstructionCounts()
    counts[.alu] = 120_000_000
    #expect(model.seconds(of: counts).value == 1)
    let energy = try #require(model.joules(of: counts))
    #expect(abs(energy.value - 0.043) < 1e-12)
    #expect(abs(energy.relativeError - 0.2968) < 1e-3)
    #expect(energy.model == "m4-linear-1 x test-chip")
    let idle = try #require(model.joules(of: counts, in: .baseline))
    #expect(abs(idle.value - 0.0301) < 1e-12)
  }

  @Test("a chip without published power has time but no energy")
  func worksWithoutPower() throws {
    var soc = try chip()
    soc.power = nil
    let model = try ChipCostModel(soc)
    #expect(model.joules(of: InstructionCounts()) == nil)
    #expect(model.energyRelativeError == nil)
    #expect(throws: CostModelError.self) { try EnergyModel(soc) }
  }

  @Test(
    "illegal power figures are refused",
    arguments: [(-1.0, 1.0), (.nan, 1.0), (.infinity, 1.0), (10.0, 11.0), (10.0, 0.0)])
  func refusesIllegalPower(active: Double, idle: Double) throws {
    var soc = try chip()
    soc.power?.activeMilliwatts = active
    soc.power?.idleMilliwatts = idle
    #expect(throws: CostModelError.self) { try ChipCostModel(soc) }
  }

  @Test("every chip that an emulated board stands for has a model")
  func coversTheCatalog() throws {
    let catalog = try BoardCatalog(resources: ResourceRoot(folder: CounterFixture.root.path))
    let emulated = catalog.boards.filter { $0.models != nil }
    #expect(!emulated.isEmpty)
    for board in emulated {
      let chip = try catalog.modelledChip(of: board)
      #expect(throws: Never.self, "\(board.id)") { try ChipCostModel(chip) }
    }
  }

  @Test("the timeline turns marks into phases with time and current")
  func makesTimeline() throws {
    let model = try ChipCostModel(try chip())
    var timeline = PhaseTimeline(model: model, idleSeconds: 0.5)
    #expect(timeline.append(record(.started, alu: 0)) == nil)
    let boot = try segment(&timeline, record(.mark(.baseline), alu: 120_000_000))
    #expect(boot.phase == .idle)
    #expect(boot.seconds == 0.5)
    let baseline = try segment(&timeline, record(.mark(.inference), alu: 121_200_000))
    #expect(baseline.phase == .baseline)
    #expect(abs(baseline.seconds - 0.01) < 1e-12)
    #expect(abs(baseline.amperes - 0.0301 / 1.8) < 1e-9)
    let step = try segment(&timeline, record(.mark(.step), alu: 121_200_120))
    #expect(step.phase == .inference)
    #expect(step.endsAtStep)
    let rest = try segment(&timeline, record(.mark(.idle), alu: 121_200_240))
    #expect(rest.phase == .inference)
    #expect(!rest.endsAtStep)
    #expect(abs(rest.amperes - 0.043 / 1.8) < 1e-9)
    #expect(rest.counts.total == 120)
    #expect(timeline.append(record(.ended, alu: 121_200_240)) == nil)
  }

  @Test("steps that are announced alone are computing, not idle")
  func countsProfiledSteps() throws {
    var timeline = PhaseTimeline(model: try ChipCostModel(try chip()), idleSeconds: 0.5)
    _ = timeline.append(record(.mark(.step), alu: 100))
    let step = try segment(&timeline, record(.mark(.step), alu: 220))
    #expect(step.phase == .inference)
    #expect(step.counts.total == 120)
    #expect(abs(step.seconds - 1e-6) < 1e-15)
  }

  private func record(_ event: CounterRecord.Event, alu: UInt64) -> CounterRecord {
    var counts = InstructionCounts()
    counts[.alu] = alu
    return CounterRecord(event: event, counts: counts)
  }

  private func segment(_ timeline: inout PhaseTimeline, _ record: CounterRecord) throws
    -> PhaseSegment
  {
    let segment = timeline.append(record)
    return try #require(segment)
  }

  private func chip() throws -> SoC {
    let definition = """
      {"schema": 1, "id": "test-chip", "name": "Test", "core": "cortex-m4", "kernel_sets": [],
       "clock_hz": 120000000, "supply_mv": 1800, "memory": [], "source": "a test",
       "power": {"active_mw": 43, "idle_mw": 30.1, "relative_error": 0.25, "source": "a test"}}
      """
    return try JSONDecoder().decode(SoC.self, from: Data(definition.utf8))
  }
}
