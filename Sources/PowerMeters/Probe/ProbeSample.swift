// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink

/// A sample as it goes over the line.
struct ProbeSample: Equatable {
  /// Shunt voltage in steps.
  var shunt: Int32
  /// Bus voltage in steps.
  var bus: UInt16
}

/// A SAMPLES event.
struct ProbeSamples: Equatable {
  /// Most samples that fit into a frame.
  static let maximumCount = 168

  var firstIndex: UInt64
  var isOutOfRange: Bool
  var samples: [ProbeSample]

  init(firstIndex: UInt64, isOutOfRange: Bool, samples: [ProbeSample]) {
    self.firstIndex = firstIndex
    self.isOutOfRange = isOutOfRange
    self.samples = samples
  }

  init(_ payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "recording")
    firstIndex = try reader.take()
    let count: UInt16 = try reader.take()
    isOutOfRange = try reader.take(UInt16.self) & 1 != 0
    samples = []
    samples.reserveCapacity(Int(count))
    for _ in 0..<count {
      samples.append(ProbeSample(shunt: try reader.take(), bus: try reader.take()))
    }
    try reader.finish()
  }

  var payload: [UInt8] {
    var writer = PayloadWriter()
    writer.append(firstIndex)
    writer.append(UInt16(samples.count))
    writer.append(UInt16(isOutOfRange ? 1 : 0))
    for sample in samples {
      writer.append(sample.shunt)
      writer.append(sample.bus)
    }
    return writer.bytes
  }
}

/// An EDGE event.
struct ProbeEdge: Equatable {
  var tick: UInt64
  var pins: UInt8

  init(tick: UInt64, pins: UInt8) {
    self.tick = tick
    self.pins = pins
  }

  init(_ payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "recording")
    tick = try reader.take()
    pins = try reader.take()
  }

  var payload: [UInt8] {
    var writer = PayloadWriter()
    writer.append(tick)
    writer.append(pins)
    writer.append(UInt8(0))
    writer.append(UInt16(0))
    return writer.bytes
  }
}
