# SPDX-License-Identifier: Apache-2.0
"""Float functions between DEQUANTIZE and QUANTIZE inside a network, as converters leave them."""

import numpy as np

from cases import case
from network_elementwise import elementwise


def island(name, functions, given, scale, zero_point, lowest=-128, dtype=np.int8):
    """Functions one after the other on every value from `lowest`."""

    def build(e):
        values = np.arange(lowest, np.iinfo(dtype).max + 1)
        x = e.input((1, values.size), dtype, *given, data=values[None, None])
        x = e.apply("DEQUANTIZE", [x], None, dtype=np.float32)
        for function, options in functions:
            x = e.apply(function, [x], None, dtype=np.float32, **options)
        return e.apply("QUANTIZE", [x], scale, zero_point, dtype=np.int8)

    case(f"float_island/{name}", elementwise(build))


PLAIN = (0.0317, -3)
POSITIVE = (0.0217, -128)

island("requantize", [], PLAIN, 0.0413, 9)
island("requantize_uint8", [], (0.0317, 101), 0.0413, 9, lowest=0, dtype=np.uint8)
island("requantize_halves", [], (0.5, 1), 1.0, 3)
for function in ("NEG", "ABS", "ELU", "TANH", "SIN", "COS", "FLOOR", "CEIL", "ROUND"):
    island(function.lower(), [(function, {})], PLAIN, 0.0331, 5)
island("square", [("SQUARE", {})], PLAIN, 0.061, -128)
island("logistic", [("LOGISTIC", {})], PLAIN, 1 / 256, -128)
island("exp", [("EXP", {})], PLAIN, 0.19, -128)
island("leaky_relu", [("LEAKY_RELU", {"alpha": 0.3})], PLAIN, 0.02, -40)
island("hard_swish", [("HARD_SWISH", {})], PLAIN, 0.017, -100)
island("relu_neg", [("RELU", {}), ("NEG", {})], PLAIN, 0.0331, 100)
island("sqrt", [("SQRT", {})], POSITIVE, 0.0101, -128)
island("log", [("LOG", {})], POSITIVE, 0.027, 60, lowest=-127)
island("rsqrt", [("RSQRT", {})], POSITIVE, 0.027, -128, lowest=-127)
island("neg_exp_log", [("NEG", {}), ("EXP", {}), ("LOG", {})], PLAIN, 0.03, 5)
