// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// What EnergyRunner's log `results.txt` says of the windows; lines it does not know are skipped.
struct EnergyRunnerResults: Equatable {
  /// A line pair `Energy data for window 2 at time 2.87 for 18.05 sec.` and `Energy : ... uJ`.
  struct Window: Equatable {
    var number: Int
    var start: Double
    var seconds: Double
    var joules: Double?
    var inferences: Int?
  }

  var windows: [Window] = []

  /// The log's text; empty without one, and then nothing is known.
  static func text(path: String) throws(PowerMetersError) -> String {
    guard FileManager.default.fileExists(atPath: path) else { return "" }
    return String(decoding: try TraceFile.contents(of: path), as: UTF8.self)
  }

  /// Parses the log.
  init(_ text: String) {
    var current: Int?
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      if let match = line.firstMatch(
        of: #/Energy data for window (\d+) at time ([\d.]+) for ([\d.]+) sec/#),
        let number = Int(match.1), let start = Double(match.2), let seconds = Double(match.3)
      {
        current = number
        windows.append(Window(number: number, start: start, seconds: seconds))
      } else if let match = line.firstMatch(of: #/Performance results for window (\d+)/#) {
        current = Int(match.1)
      } else if line.contains("# Inferences"), let value = words.last.flatMap({ Int($0) }) {
        update(current) { $0.inferences = value }
      } else if line.contains("Energy       :"), words.count >= 2,
        let value = Double(words[words.count - 2])
      {
        update(current) { $0.joules = value * 1e-6 }
      }
    }
  }

  private mutating func update(_ number: Int?, _ change: (inout Window) -> Void) {
    guard let index = windows.firstIndex(where: { $0.number == number }) else { return }
    change(&windows[index])
  }
}
