// SPDX-License-Identifier: Apache-2.0
public import DeviceLink
internal import Glibc
internal import Synchronization

/// A fake agent that serves the device's end of a line on a thread of its own.
public final class ServedAgent: Sendable {
  private let stops = Atomic(false)
  private let hasEnded = Atomic(false)

  /// Starts serving `transport`, which the thread owns from now on (nobody else may use it) and closes in the end.
  public init(
    on transport: any Transport,
    configuration: FakeAgent.Configuration = FakeAgent.Configuration()
  ) {
    let box = Box(transport, configuration, self)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().serve()
        return nil
      }, Unmanaged.passRetained(box).toOpaque())
    pthread_detach(thread)
  }

  /// Makes the device vanish: its end of the line is closed. Waits until that has happened.
  public func stop() {
    stops.store(true, ordering: .releasing)
    while !hasEnded.load(ordering: .acquiring) { usleep(1000) }
  }

  private final class Box {
    private let transport: any Transport
    private let agent: FakeAgent
    private let owner: ServedAgent

    init(
      _ transport: any Transport, _ configuration: FakeAgent.Configuration, _ owner: ServedAgent
    ) {
      self.transport = transport
      self.owner = owner
      agent = FakeAgent(configuration)
    }

    func serve() {
      do throws(DeviceLinkError) {
        while !owner.stops.load(ordering: .acquiring) {
          let bytes = try transport.read(upTo: 4096, deadline: .after(.milliseconds(20)))
          let reply = agent.receive(bytes)
          if !reply.isEmpty { try transport.write(reply, deadline: .after(.seconds(5))) }
        }
      } catch {
        // The host has closed its end.
      }
      transport.close()
      owner.hasEnded.store(true, ordering: .releasing)
    }
  }
}
