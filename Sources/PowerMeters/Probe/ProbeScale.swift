// SPDX-License-Identifier: Apache-2.0
package import DeviceLink

/// How a probe samples (CONFIGURE).
package struct ProbeScale: Equatable {
  /// Ticks of the probe's clock that a sample takes.
  var ticksPerSample: UInt32
  /// Step of the shunt voltage, in picovolts.
  var shuntPicovolts: UInt32
  /// Step of the bus voltage, in picovolts.
  var busPicovolts: UInt32

  package init(ticksPerSample: UInt32, shuntPicovolts: UInt32, busPicovolts: UInt32) {
    self.ticksPerSample = ticksPerSample
    self.shuntPicovolts = shuntPicovolts
    self.busPicovolts = busPicovolts
  }

  package init(_ payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "configuring the probe")
    ticksPerSample = try reader.take()
    shuntPicovolts = try reader.take()
    busPicovolts = try reader.take()
    guard ticksPerSample > 0, shuntPicovolts > 0, busPicovolts > 0 else {
      throw .malformedResponse(during: "configuring the probe", detail: "a step is 0")
    }
  }

  package var payload: [UInt8] {
    var writer = PayloadWriter()
    writer.append(ticksPerSample)
    writer.append(shuntPicovolts)
    writer.append(busPicovolts)
    return writer.bytes
  }
}
