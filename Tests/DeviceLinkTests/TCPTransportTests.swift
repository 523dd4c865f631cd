// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import LinkFixtures
import Testing

@Suite("TCP transport")
struct TCPTransportTests {
  @Test("a session over TCP transfers a blob, and a lost connection ends it with the port's name")
  func session() throws {
    let server = try #require(SocketServer())
    let port = server.description
    let agent = ServedAgent(on: server)
    let transport = try TransportFactory.open(port)
    defer { transport.close() }
    #expect(transport.description == port)
    let session = try AgentSession(over: transport)
    let blob = blobBytes(count: 100_000)
    try session.writeBlob(blob)
    #expect(try session.readBlob(count: blob.count) == blob)
    #expect(session.statistics.crcErrors == 0)
    agent.stop()
    #expect(throws: DeviceLinkError.portVanished(port: port)) { _ = try session.echo([1]) }
    transport.close()
    #expect(throws: DeviceLinkError.closed(port: port)) { _ = try session.echo([1]) }
  }

  @Test("where nobody listens, the error names the port and says so")
  func refused() throws {
    let server = try #require(SocketServer())
    let port = server.description
    server.close()
    let error = try #require(throws: DeviceLinkError.self) { _ = try TransportFactory.open(port) }
    #expect("\(error)".hasPrefix(port + ": cannot be opened: "))
    #expect("\(error)".contains("nothing listens there"))
  }

  @Test("an interruption ends a connection attempt")
  func interrupted() {
    let cancellation = LinkCancellation()
    cancellation.cancel()
    // TEST-NET-1: packets to it vanish, or the network is said to be unreachable at once.
    let error = #expect(throws: DeviceLinkError.self) {
      _ = try TCPTransport("tcp://192.0.2.1:1", cancellation: cancellation)
    }
    switch error {
    case .interrupted, .cannotOpen: break
    default: Issue.record("\(error as Any)")
    }
  }

  @Test("an address that does not answer is given up after the timeout")
  func timeout() {
    let start = ContinuousClock.now
    #expect(throws: DeviceLinkError.self) {
      _ = try TCPTransport("tcp://192.0.2.1:1", timeout: .milliseconds(100))
    }
    #expect(ContinuousClock.now - start < .seconds(3))
  }

  @Test("an address has a host and a port")
  func addresses() throws {
    let named = try TCPAddress("tcp://bench-7.local:3000")
    #expect(named.host == "bench-7.local" && named.port == 3000)
    let v6 = try TCPAddress("tcp://[fe80::1]:65535")
    #expect(v6.host == "fe80::1" && v6.port == 65535)
  }

  @Test(
    "what is no address is refused with the form that it should have",
    arguments: [
      "tcp://", "tcp://host", "tcp://host:", "tcp://:3000", "tcp://host:0", "tcp://host:65536",
      "tcp://host:+1", "tcp://host:3000/", "tcp://fe80::1:3000", "tcp://[]:3000", "host:3000",
      "tcp://host:99999999999999999999", "tcp://host:٣",
    ])
  func noAddress(_ text: String) {
    let error = #expect(throws: DeviceLinkError.self) { _ = try TCPAddress(text) }
    #expect(error.map { "\($0)" }?.contains("tcp://HOST:PORT") == true)
  }
}
