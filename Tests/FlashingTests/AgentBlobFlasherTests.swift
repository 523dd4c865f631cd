// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import Flashing
import LinkFixtures
import Testing

@Suite("Flashing a blob through the agent")
struct AgentBlobFlasherTests {
  @Test("a blob that fits beside the old one is written, committed and read back")
  func fits() throws {
    let line = FakeLine()
    let blob = blobBytes(count: 60_000)
    var seen: [Int] = []
    let report = try AgentBlobFlasher(session: line.open()).flash(blob) { done, whole in
      #expect(whole == 120_000)
      seen.append(done)
    }
    #expect(line.agent.committed == blob)
    #expect(report.bytes == 60_000)
    #expect(report.capacity == 131_072)
    #expect(!report.replacedInPlace)
    #expect(seen == seen.sorted() && seen.first == 0 && seen.last == 120_000)
  }

  @Test("a blob of more than half the region takes the old one's place, and says so")
  func singleSlot() throws {
    let line = FakeLine()
    let blob = blobBytes(count: 200_000)
    let report = try AgentBlobFlasher(session: line.open()).flash(blob)
    #expect(report.replacedInPlace)
    #expect(line.agent.committed == blob)
  }

  @Test("a blob beyond the region is refused before anything is erased")
  func tooBig() throws {
    let line = FakeLine()
    line.agent.committed = [1]
    let session = try line.open()
    #expect(throws: FlashingError.tooBig(board: "fake-m4", bytes: 262_145, limit: 262_144)) {
      _ = try AgentBlobFlasher(session: session).flash(blobBytes(count: 262_145))
    }
    #expect(throws: FlashingError.emptyBlob) {
      _ = try AgentBlobFlasher(session: session).flash([])
    }
    #expect(line.agent.executions.isEmpty)
    #expect(line.agent.committed == [1])
  }

  @Test("flash that changes after the commit is found by reading back")
  func readsBackDifferently() throws {
    let line = FakeLine()
    let session = try line.open()
    let blob = blobBytes(count: 5000)
    line.beforeReceiving = { agent in
      if agent.committed?.count == 5000 { agent.committed?[1234] = blob[1234] ^ 4 }
    }
    #expect(
      throws: FlashingError.readsBackDifferently(
        board: "fake-m4", offset: 1234, expected: blob[1234], found: blob[1234] ^ 4)
    ) {
      _ = try AgentBlobFlasher(session: session).flash(blob)
    }
  }

  @Test("a board that resets meanwhile keeps its old blob")
  func reset() throws {
    let line = FakeLine()
    let session = try line.open()
    line.agent.committed = [1]
    var received = 0
    line.beforeReceiving = { agent in
      received += 1
      if received == 10 { agent.reset() }
    }
    #expect(throws: FlashingError.link(.boardWasReset(during: "writing the blob"))) {
      _ = try AgentBlobFlasher(session: session).flash(blobBytes(count: 60_000))
    }
    #expect(line.agent.committed == [1])
  }
}
