// SPDX-License-Identifier: Apache-2.0
import CostModel
import Testing

@Suite("CycleModel")
struct CycleModelTests {
  @Test("n loads in a row take n + 1 cycles on Cortex-M4")
  func pipelinesLoads() throws {
    let model = try CycleModel.model(ofCore: "cortex-m4")
    #expect(model.cycles(of: counts([.loadFirst: 1, .loadPaired: 7])) == 9)
  }

  @Test("PUSH and POP of four registers take five cycles each on Cortex-M4")
  func countsWordsOfMultiples() throws {
    let model = try CycleModel.model(ofCore: "cortex-m4")
    var pair = counts([.loadMultiple: 1, .storeMultiple: 1])
    pair[.multipleWords] = 8
    #expect(model.cycles(of: pair) == 10)
  }

  @Test("a loop of SUBS and a taken BNE takes four cycles on Cortex-M4")
  func addsTakenBranches() throws {
    let model = try CycleModel.model(ofCore: "cortex-m4")
    var loop = counts([.alu: 1, .branch: 1])
    loop[.taken] = 1
    #expect(model.cycles(of: loop) == 4)
  }

  @Test("Cortex-M3 pays for what its multiplier lacks, Cortex-M4 does not")
  func separatesM3FromM4() throws {
    let block = counts([.multiplyAccumulate: 10, .multiplyLong: 10, .multiplyAccumulateLong: 10])
    #expect(try CycleModel.model(ofCore: "cortex-m3").cycles(of: block) == 115)
    #expect(try CycleModel.model(ofCore: "cortex-m4").cycles(of: block) == 30)
  }

  @Test("a used load costs a cycle more on Cortex-M33")
  func addsLoadUse() throws {
    let model = try CycleModel.model(ofCore: "cortex-m33")
    var block = counts([.loadFirst: 1, .alu: 1])
    #expect(model.cycles(of: block) == 2)
    block[.loadUse] = 1
    #expect(model.cycles(of: block) == 3)
  }

  @Test("two instructions that Cortex-A53 issues together take one cycle")
  func subtractsPairs() throws {
    let model = try CycleModel.model(ofCore: "cortex-a53")
    var block = counts([.alu: 4, .loadFirst: 2])
    block[.issuedTogether] = 2
    #expect(model.cycles(of: block) == 4)
    block[.loadUse] = 1
    block[.multipleWords] = 1
    #expect(model.cycles(of: block) == 7)
  }

  @Test("Cortex-A76 takes less than Cortex-A53 for the same work, and no less than a quarter cycle")
  func separatesA76FromA53() throws {
    let block = counts([
      .alu: 100, .multiplyAccumulate: 40, .loadFirst: 80, .store: 10, .branch: 20,
    ])
    let small = try CycleModel.model(ofCore: "cortex-a53").cycles(of: block)
    let big = try CycleModel.model(ofCore: "cortex-a76").cycles(of: block)
    #expect(big < small)
    #expect(big >= 250 / 4)
  }

  @Test("every model has a name of its own, an error, a source and no free arithmetic")
  func modelsAreComplete() {
    #expect(Set(CycleModel.all.map(\.name)).count == CycleModel.all.count)
    for model in CycleModel.all {
      #expect(model.relativeError >= 0.1 && model.relativeError < 1, "\(model.name)")
      #expect(!model.source.isEmpty, "\(model.name)")
      for kind in InstructionClass.allCases where kind != .loopEnd {
        let words = kind == .loadMultiple || kind == .storeMultiple
        let least = words ? model.cycles(per: InstructionEvent.multipleWords) : 0
        #expect(model.cycles(per: kind) + least > 0, "\(model.name) \(kind)")
      }
    }
  }

  @Test("a core without a model is named, with those that have one")
  func namesUnknownCore() {
    #expect(throws: CostModelError.self) { try CycleModel.model(ofCore: "cortex-m99") }
    let error = CostModelError.unknownCore(core: "cortex-m99", known: ["cortex-m4"])
    #expect(error.description.contains("cortex-m99"))
    #expect(error.description.contains("cortex-m4"))
  }

  private func counts(_ classes: [InstructionClass: UInt64]) -> InstructionCounts {
    var counts = InstructionCounts()
    for (kind, count) in classes { counts[kind] = count }
    return counts
  }
}
