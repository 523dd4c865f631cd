// SPDX-License-Identifier: Apache-2.0
import DeviceLink

/// A probe that sends two samples, or the nonsense that it is told to.
final class ScriptedProbe {
  enum Nonsense: CaseIterable {
    case otherVersion, shortGreeting, shortIdentity, zeroClock, zeroShunt, badText, zeroStep
    case refusedStart, hugeIndex, backwardSamples, cutSamples, surplusSamples, backwardEdges
    case hugeTotal, shortStop, otherSession
  }

  private let nonsense: Nonsense?
  private let receiver = FrameReceiver()
  private var events: UInt16 = 0

  init(_ nonsense: Nonsense?) { self.nonsense = nonsense }

  func answer(_ bytes: [UInt8]) -> [UInt8] {
    receiver.receive(bytes).flatMap { request -> [UInt8] in
      var frames: [Frame] = []
      var response = Frame(
        type: .response, command: request.command, sequence: request.sequence,
        session: nonsense == .otherSession ? request.session &+ 1 : request.session)
      switch request.command {
      case 0x01: response.payload = greeting(request)
      case 0x40: response.payload = identity()
      case 0x41: response.payload = scale()
      case 0x42:
        if nonsense == .refusedStart { response.status = -4 }
        events = 0
      case 0x43:
        frames = recording(session: request.session)
        response.payload = totals()
      default: response.status = -1
      }
      return (frames + [response]).flatMap { (try? $0.encoded()) ?? [] }
    }
  }

  private func greeting(_ request: Frame) -> [UInt8] {
    var writer = PayloadWriter()
    guard nonsense != .shortGreeting else { return [1] }
    writer.append(UInt16(nonsense == .otherVersion ? 2 : 1))
    writer.append(UInt16(1024))
    writer.append(UInt16(1))
    writer.append(request.session)
    writer.append(UInt32(1))
    return writer.bytes
  }

  private func identity() -> [UInt8] {
    var writer = PayloadWriter()
    let clock: UInt32 = nonsense == .zeroClock ? 0 : 1_000_000
    let shunt: UInt32 = nonsense == .zeroShunt ? 0 : 1_000_000
    for field in [clock, 1, 1000, shunt, 1, 2, 3, 4, 5, 6, 7, 0] as [UInt32] {
      writer.append(field)
    }
    for text in ["model", "serial", "1", "a test"] { writer.append(text: text) }
    if nonsense == .badText { writer.append(bytes: []) }
    let bytes = writer.bytes
    switch nonsense {
    case .shortIdentity: return Array(bytes.dropLast(8))
    case .badText: return Array(bytes.prefix(48)) + [2, 0xff, 0xfe]
    default: return bytes
    }
  }

  private func scale() -> [UInt8] {
    var writer = PayloadWriter()
    for field in [250, nonsense == .zeroStep ? 0 : 1_000_000, 1_000_000_000] as [UInt32] {
      writer.append(field)
    }
    return writer.bytes
  }

  private func recording(session: UInt16) -> [Frame] {
    var frames = [edge(tick: nonsense == .backwardEdges ? 100 : 0, session: session)]
    switch nonsense {
    case .hugeIndex: frames.append(samples(first: .max, session: session))
    case .backwardSamples:
      frames += [samples(first: 0, session: session), samples(first: 1, session: session)]
    case .cutSamples:
      var frame = samples(first: 0, session: session)
      frame.payload.removeLast()
      frames.append(frame)
    case .surplusSamples:
      var frame = samples(first: 0, session: session)
      frame.payload.append(0)
      frames.append(frame)
    case .backwardEdges: frames.append(edge(tick: 99, session: session))
    default: frames.append(samples(first: 0, session: session))
    }
    return frames
  }

  private func samples(first: UInt64, session: UInt16) -> Frame {
    var writer = PayloadWriter()
    writer.append(first)
    writer.append(UInt16(2))
    writer.append(UInt16(0))
    for sample in [1000, 2000] as [Int32] {
      writer.append(sample)
      writer.append(UInt16(2000))
    }
    return event(0x50, writer.bytes, session: session)
  }

  private func edge(tick: UInt64, session: UInt16) -> Frame {
    var writer = PayloadWriter()
    writer.append(tick)
    writer.append(UInt32(2))
    return event(0x51, writer.bytes, session: session)
  }

  private func event(_ command: UInt8, _ payload: [UInt8], session: UInt16) -> Frame {
    defer { events += 1 }
    return Frame(
      type: .event, command: command, sequence: events, session: session, payload: payload)
  }

  private func totals() -> [UInt8] {
    guard nonsense != .shortStop else { return [1, 2, 3] }
    var writer = PayloadWriter()
    writer.append(nonsense == .hugeTotal ? UInt64.max : 2)
    writer.append(UInt32(events))
    writer.append(UInt32(0))
    return writer.bytes
  }
}
