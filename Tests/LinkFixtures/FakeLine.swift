// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// A fake agent at the end of a line in which time is virtual.
public final class FakeLine {
  /// The agent.
  public let agent: FakeAgent
  /// The clock of the line; stands still but for waiting.
  public let clock = ManualClock()
  /// The line as the host sees it, faults included.
  public let transport: FaultInjectingTransport
  /// Called with every piece of bytes that reaches the agent, before it does.
  public var beforeReceiving: (FakeAgent) -> Void = { _ in }
  private final class Hook {
    weak var line: FakeLine?
  }

  /// Connects a new agent.
  public init(
    _ configuration: FakeAgent.Configuration = FakeAgent.Configuration(),
    toDevice: FaultRates = FaultRates(), toHost: FaultRates = FaultRates(), seed: UInt64 = 1
  ) {
    let agent = FakeAgent(configuration)
    let hook = Hook()
    self.agent = agent
    transport = FaultInjectingTransport(
      AnsweringTransport { bytes in
        hook.line?.beforeReceiving(agent)
        return agent.receive(bytes)
      },
      toDevice: toDevice, toHost: toHost, seed: seed, clock: clock)
    hook.line = self
  }

  /// Opens a session over the line.
  public func open(
    timeouts: LinkTimeouts = LinkTimeouts()
  ) throws(DeviceLinkError) -> AgentSession {
    try AgentSession(over: transport, timeouts: timeouts, clock: clock)
  }
}
