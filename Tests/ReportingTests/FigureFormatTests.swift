// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reporting

@Suite struct FigureFormatTests {
  @Test(
    "a value ends where the second digit of its uncertainty does",
    arguments: [
      (123.44, 1.2, "123.4 ± 1.2"), (1850.7, 463.2, "1850 ± 460"),
      (0.012345, 0.00099, "0.01235 ± 0.00099"),
      (5, 0.0996, "5.00 ± 0.10"), (99.97, 0.996, "100.0 ± 1.0"),
      (1_234_567, 8900, "1,234,600 ± 8900"),
      (-3.25, 0.1, "−3.25 ± 0.10"), (12, 12, "12 ± 12"), (7, 0, "7"),
      (1e-20, 1e-21, "0.000000000 ± 0.000000000"),
    ])
  func uncertain(value: Double, halfWidth: Double, expected: String) {
    #expect(FigureFormat.text.uncertain(value, halfWidth: halfWidth) == expected)
  }

  @Test("what is unknown or no number is a dash, never a crash")
  func unknown() {
    #expect(FigureFormat.text.uncertain(.nan, halfWidth: 1) == "–")
    #expect(FigureFormat.text.uncertain(3, halfWidth: nil) == "3")
    #expect(FigureFormat.text.uncertain(3, halfWidth: .infinity) == "3")
    #expect(FigureFormat.text.number(.infinity) == "–")
    #expect(FigureFormat.text.bytes(nil) == "–")
    #expect(FigureFormat.text.uncertain(1e300, halfWidth: 1e299) == "1.000e+300 ± 1.000e+299")
    #expect(FigureFormat.text.uncertain(1, halfWidth: .leastNonzeroMagnitude).hasPrefix("1"))
  }

  @Test("digits are grouped in threes from five on")
  func groups() {
    #expect(FigureFormat.text.integer(9999) == "9999")
    #expect(FigureFormat.text.integer(10_000) == "10,000")
    #expect(FigureFormat.text.integer(Int.min) == "−9,223,372,036,854,775,808")
    #expect(FigureFormat.typeset.integer(5_184_000) == "5\u{202F}184\u{202F}000")
    #expect(FigureFormat.text.number(1234.5678, significant: 6) == "1234.57")
    #expect(FigureFormat.text.number(0.1, significant: 4) == "0.1")
  }

  @Test("changes carry their sign, small parts are not called nothing")
  func shares() {
    #expect(FigureFormat.text.change(-0.0203) == "−2.03 %")
    #expect(FigureFormat.text.change(0.416) == "+41.6 %")
    #expect(FigureFormat.text.part(0.00001) == "< 0.1 %")
    #expect(FigureFormat.text.part(0.91) == "91.0 %")
    #expect(FigureFormat.text.part(0) == "0.0 %")
  }
}
