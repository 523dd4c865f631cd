// SPDX-License-Identifier: Apache-2.0

/// One direction of a faulty line: bytes go in, what is left of them comes out piece by piece.
struct FaultyDirection {
  private(set) var counts = FaultCounts()
  /// Whether the port has vanished.
  private(set) var isDisconnected = false
  private let rates: FaultRates
  private var generator: SeededGenerator
  /// Bytes that do not make up a unit yet.
  private var partial: [UInt8] = []
  /// Overtaken units, with how many more units overtake each.
  private var overtaken: [(bytes: [UInt8], remaining: Int)] = []
  private var ready: [(bytes: [UInt8], due: ContinuousClock.Instant)] = []

  init(rates: FaultRates, seed: UInt64) {
    self.rates = rates
    generator = SeededGenerator(seed: seed)
  }

  /// When the next piece comes out; nil if there is none.
  var nextDue: ContinuousClock.Instant? { ready.first?.due }

  /// Takes bytes in.
  mutating func take(_ bytes: [UInt8], now: ContinuousClock.Instant) {
    for unit in units(from: bytes) { pass(unit, now: now) }
  }

  /// Gives the next piece that is due out; nil if there is none.
  mutating func next(now: ContinuousClock.Instant) -> [UInt8]? {
    guard let first = ready.first, first.due <= now else { return nil }
    ready.removeFirst()
    return first.bytes
  }

  private mutating func units(from bytes: [UInt8]) -> [[UInt8]] {
    partial += bytes
    var units: [[UInt8]] = []
    while let end = endOfUnit() {
      units.append(Array(partial[..<end]))
      partial.removeFirst(end)
    }
    // What is no frame, or no whole piece, must not wait for what may never follow.
    if case .bytes = rates.unit, !partial.isEmpty {
      units.append(partial)
      partial = []
    }
    return units
  }

  private func endOfUnit() -> Int? {
    switch rates.unit {
    case .bytes(let count):
      return partial.count >= max(count, 1) ? max(count, 1) : nil
    case .frames:
      guard let start = partial.firstIndex(of: 0) else {
        return partial.isEmpty ? nil : partial.count
      }
      return partial[(start + 1)...].firstIndex(of: 0).map { $0 + 1 }
    }
  }

  private mutating func happens(_ rate: Double) -> Bool {
    rate > 0 && Double.random(in: 0..<1, using: &generator) < rate
  }

  private mutating func pass(_ original: [UInt8], now: ContinuousClock.Instant) {
    counts.units += 1
    if let limit = rates.disconnectAfterUnits, counts.units > limit { isDisconnected = true }
    let stalled = rates.stallAfterUnits.map { counts.units > $0 } ?? false
    if happens(rates.drop) || stalled || isDisconnected {
      counts.dropped += 1
      return
    }
    var unit = original
    if happens(rates.flip), !unit.isEmpty {
      counts.flipped += 1
      let place = Int.random(in: 0..<unit.count, using: &generator)
      unit[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
    let copies = happens(rates.duplicate) ? 2 : 1
    counts.duplicated += copies - 1
    for _ in 0..<copies {
      if happens(rates.reorder) {
        counts.reordered += 1
        let window = max(rates.reorderWindow, 1)
        overtaken.append((unit, Int.random(in: 1...window, using: &generator)))
      } else {
        release(unit, now: now)
      }
    }
  }

  private mutating func release(_ unit: [UInt8], now: ContinuousClock.Instant) {
    var due = max(now, ready.last?.due ?? now)
    if happens(rates.delay) {
      counts.delayed += 1
      due += rates.longestDelay * Double.random(in: 0...1, using: &generator)
    }
    if happens(rates.split), unit.count > 1 {
      counts.split += 1
      let place = Int.random(in: 1..<unit.count, using: &generator)
      ready.append((Array(unit[..<place]), due))
      ready.append((Array(unit[place...]), due))
    } else {
      ready.append((unit, due))
    }
    letOvertakenGo(due: due)
  }

  private mutating func letOvertakenGo(due: ContinuousClock.Instant) {
    for index in overtaken.indices { overtaken[index].remaining -= 1 }
    for unit in overtaken where unit.remaining <= 0 { ready.append((unit.bytes, due)) }
    overtaken.removeAll { $0.remaining <= 0 }
  }
}
