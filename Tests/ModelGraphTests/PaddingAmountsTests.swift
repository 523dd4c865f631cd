// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import Testing

@Suite struct PaddingAmountsTests {
  @Test("an even total is halved, an odd one has its surplus behind the image")
  func splitsSame() {
    // kws, first layer: 49 rows, window 10, step 2: 25 steps reach over 58 rows.
    let amounts = PaddingAmounts(
      .same, input: Spatial(height: 49, width: 10), kernel: Spatial(height: 10, width: 4),
      stride: Spatial(height: 2, width: 2))
    #expect(amounts == PaddingAmounts(top: 4, bottom: 5, left: 1, right: 1))
  }

  @Test("dilation widens the window")
  func dilates() {
    let amounts = PaddingAmounts(
      .same, input: Spatial(height: 9, width: 9), kernel: Spatial(height: 3, width: 3),
      stride: Spatial(height: 1, width: 1), dilation: Spatial(height: 2, width: 3))
    #expect(amounts == PaddingAmounts(top: 2, bottom: 2, left: 3, right: 3))
  }

  @Test("a step wider than the window needs no padding")
  func neverNegative() {
    let amounts = PaddingAmounts(
      .same, input: Spatial(height: 8, width: 7), kernel: Spatial(height: 1, width: 1),
      stride: Spatial(height: 4, width: 3))
    #expect(amounts == PaddingAmounts(top: 0, bottom: 0, left: 0, right: 0))
  }

  @Test("VALID adds nothing and stated amounts stay as they are")
  func keepsOthers() {
    let size = Spatial(height: 5, width: 5)
    let step = Spatial(height: 1, width: 1)
    #expect(
      PaddingAmounts(.valid, input: size, kernel: size, stride: step)
        == PaddingAmounts(top: 0, bottom: 0, left: 0, right: 0))
    #expect(
      PaddingAmounts(
        .explicit(top: 1, bottom: 2, left: 3, right: 4), input: size, kernel: size, stride: step)
        == PaddingAmounts(top: 1, bottom: 2, left: 3, right: 4))
  }
}
