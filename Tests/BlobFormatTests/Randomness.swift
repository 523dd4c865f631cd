// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// The tests' generator, not the planner's of the same name.
typealias SplitMix64 = TestSupport.SplitMix64
