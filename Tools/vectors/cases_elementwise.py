# SPDX-License-Identifier: Apache-2.0
"""Cases of operators that work element by element."""

import numpy as np

from cases import case
from network_elementwise import elementwise

# Scales and zero points of an int8 input: ordinary, extreme, powers of two.
INPUTS = {
    "plain": (0.05, -3),
    "fine": (0.002, 5),
    "coarse": (0.7, 20),
    "power_of_two": (0.0625, 0),
    "zero_point_min": (0.03, -128),
    "zero_point_max": (0.11, 127),
}


def table(op, name, given, scale, zero_point, **options):
    """One operator on all values of int8."""
    case(
        f"{op.lower()}/{name}",
        elementwise(
            lambda e: e.apply(op, [e.all_values(np.int8, *given)], scale, zero_point, **options)
        ),
    )


# Functions whose output scale is given.

for name, given in INPUTS.items():
    table("LOGISTIC", name, given, 1 / 256, -128)
    table("TANH", name, given, 1 / 128, 0)
for op, scale, zero_point in (("LOGISTIC", 1 / 256, -128), ("TANH", 1 / 128, 0)):
    table(op, "tiny_scale", (1e-6, 3), scale, zero_point)
    table(op, "scale_8", (8.0, -1), scale, zero_point)
    table(op, "scale_16", (16.0, -1), scale, zero_point)
    table(op, "scale_1000", (1000.0, 2), scale, zero_point)

# Functions with a free output scale.

for name, (scale, zero_point) in INPUTS.items():
    given = (scale, zero_point)
    table("RELU", name, given, scale * 0.8, 7)
    table("HARD_SWISH", name, given, scale * 0.9, -11)
    table("LEAKY_RELU", name, given, scale * 1.1, -9, alpha=0.1)
    table("LEAKY_RELU", name + "_negative", given, scale * 0.7, -9, alpha=-0.3)
    table("ELU", name, given, scale * 0.6 + 0.004, -14)
    table("ABS", name, given, scale * 1.3, -30)
    table("RELU6", name, given, scale, zero_point)
table("RELU", "same", (0.05, -128), 0.05, -128)
table("RELU", "output_zero_point_max", (0.05, 4), 0.01, 127)
table("RELU", "ratio_small", (1e-4, 4), 3.0, 5)
table("RELU", "ratio_large", (1.0, 4), 0.004, -128)
table("RELU6", "other_output_scale", (0.05, -3), 0.02, 9)
table("RELU6", "beyond_int8", (0.01, 3), 0.01, 3)
table("ABS", "same_scale", (0.05, -3), 0.05, -20)
table("ABS", "same_scale_zero_point_max", (0.05, 127), 0.05, 127)
table("LEAKY_RELU", "alpha_above_1", (0.05, -3), 0.2, 4, alpha=2.5)
table("LEAKY_RELU", "alpha_0", (0.05, -3), 0.05, 4, alpha=0.0)
table("LEAKY_RELU", "alpha_tiny", (0.05, 0), 0.001, 4, alpha=0.003)
table("HARD_SWISH", "same", (0.05, 0), 0.05, 0)
table("HARD_SWISH", "tiny_scale", (1e-5, 3), 1e-5, 4)
table("HARD_SWISH", "scale_2", (2.0, -1), 2.0, 1)
table("HARD_SWISH", "ratio_small", (0.001, 3), 3.0, 4)
table("HARD_SWISH", "ratio_100", (1.0, 3), 0.01, 4)
table("ELU", "fine_output", (0.05, -3), 0.008, -1)
table("ELU", "coarse_input", (2.0, 100), 0.3, -20)


def rsqrt(name, in_scale, in_zero_point, scale, zero_point):
    """RSQRT is defined from its zero point on only: every value from there."""

    def build(e):
        values = np.arange(in_zero_point, 128)
        x = e.input((1, values.size), np.int8, in_scale, in_zero_point, data=values[None, None])
        return e.apply("RSQRT", [x], scale, zero_point)

    case(f"rsqrt/{name}", elementwise(build))


rsqrt("plain", 0.05, -128, 0.02, -128)
rsqrt("zero_point_0", 0.01, 0, 0.1, 3)
rsqrt("fine", 1e-4, -100, 1.0, -128)
rsqrt("coarse", 4.0, -128, 0.003, -90)
rsqrt("coarse_output", 1.0, -128, 5.0, 0)


# Functions of int16.


def wide(op, name, in_scale, scale, dtype=np.int16, **options):
    """One operator on int16: its ends, values around zero and a random crowd."""

    def build(e):
        near = np.arange(-300, 300)
        ends = np.r_[-32768:-32668, 32668:32768]
        data = np.r_[near, ends, e.net.random.integers(-32768, 32768, 1248)]
        x = e.input((1, 16, 128), np.int16, in_scale, 0, data=data.reshape(1, 1, 16, 128))
        return e.apply(op, [x], scale, 0, dtype=dtype, **options)

    case(f"{op.lower()}_16/{name}", elementwise(build))


for op in ("LOGISTIC", "TANH"):
    wide(op, "scale_2e-12", 2.0**-12, 2.0**-15)
    wide(op, "scale_2e-11", 2.0**-11, 2.0**-15)
    wide(op, "scale_2e-14", 2.0**-14, 2.0**-15)
    wide(op, "plain", 0.0003, 2.0**-15)
    wide(op, "tiny", 1e-9, 2.0**-15)
    wide(op, "coarse", 0.4, 2.0**-15)
    wide(op, "coarsest", 2.66, 2.0**-15)
wide("RELU", "plain", 0.001, 0.0007)
wide("RELU", "coarser", 0.001, 0.0017)
wide("RELU6", "plain", 0.0003, 0.0003)
wide("LEAKY_RELU", "plain", 0.001, 0.0013, alpha=0.2)
wide("LEAKY_RELU", "negative", 0.001, 0.0007, alpha=-0.4)
wide("LEAKY_RELU", "large", 0.001, 0.001, alpha=3.0)
wide("ABS", "plain", 0.001, 0.0013)
wide("ABS", "same_scale", 0.001, 0.001)
wide("ABS", "finer", 0.001, 0.0006)


# Operators of two operands.

# Shapes of the operands; the third number says which one is constant, if any.
SHAPES = {
    "same": ((2, 3, 4, 5), (2, 3, 4, 5), None),
    "same_odd": ((1, 7), (1, 7), None),
    "scalar": ((1, 3, 4, 5), (), 1),
    "scalar_first": ((1,), (1, 3, 4, 5), 0),
    "channel": ((1, 4, 3, 6), (6,), 1),
    "channel_first": ((6,), (1, 4, 3, 6), 0),
    "spatial": ((1, 4, 3, 6), (1, 4, 3, 1), None),
    "outer": ((1, 5, 1), (1, 1, 7), None),
    "mixed": ((3, 1, 4, 1), (1, 2, 1, 5), None),
    "rank5": ((2, 1, 3, 1, 4), (2, 1, 1, 1, 4), 1),
    "rank5_merged": ((2, 2, 3, 2, 2), (1, 1, 3, 2, 2), None),
    "one_element": ((1, 1), (1, 1), None),
}


def pair(e, shapes, dtype, a, b):
    """Two operands of the given shapes and quantizations."""
    *given, constant = shapes
    return [
        (e.constant if position == constant else e.input)(shape, dtype, *quantization)
        for position, (shape, quantization) in enumerate(zip(given, (a, b)))
    ]


def binary(op, name, shapes, a, b, out, dtype=np.int8, out_type=None, group=None, **options):
    def build(e):
        return e.apply(op, pair(e, shapes, dtype, a, b), *out, dtype=out_type, **options)

    case(f"{group or op.lower()}/{name}", elementwise(build))


A, B = (0.05, -3), (0.07, 11)
OUT = {
    "SUB": (0.08, 4),
    "MUL": (0.3, -6),
    "SQUARED_DIFFERENCE": (0.9, -120),
    "MAXIMUM": (0.05, -3),
    "MINIMUM": (0.05, -3),
}
for op, out in OUT.items():
    # MAXIMUM and MINIMUM do not look at scales.
    for name, shapes in SHAPES.items():
        binary(op, name, shapes, A, B, out)
    binary(op, "zero_points_min", SHAPES["same"], (0.05, -128), (0.03, -128), (out[0], -128))
    binary(op, "zero_points_max", SHAPES["same"], (0.05, 127), (0.03, 127), (out[0], 127))
    binary(op, "scales_apart", SHAPES["same"], (4.0, 0), (1e-3, 5), (6.0, 1))
    binary(op, "equal_scales", SHAPES["same"], (0.05, 1), (0.05, 2), (0.05, 3))
for activation in ("relu", "relu6", "relu_n1_to_1"):
    for op in ("SUB", "MUL"):
        binary(op, activation, SHAPES["channel"], A, B, (0.04, 9), activation=activation)
        binary(
            op,
            activation,
            SHAPES["channel"],
            (0.002, 0),
            (0.003, 0),
            (0.004 if op == "SUB" else 0.002, 0),
            dtype=np.int16,
            group=f"{op.lower()}_16",
            activation=activation,
        )
binary("SUB", "saturating", SHAPES["same"], (0.5, 0), (0.5, 0), (0.02, 0))
binary("MUL", "saturating", SHAPES["same"], (0.5, 0), (0.5, 0), (0.02, 0))
binary("MUL", "scale_power_of_two", SHAPES["same"], (0.5, 0), (0.25, 0), (16.0, 0))
binary("MUL", "scale_above_1", SHAPES["same"], (2.0, 0), (3.0, 100), (1.5, 0))
binary("MUL", "scale_below_2e-31", SHAPES["same"], (1e-6, 3), (1e-5, 0), (1.0, 9))

for op, group, out in (
    ("ADD", "add_16", 0.004),
    ("SUB", "sub_16", 0.004),
    ("MUL", "mul_16", 0.05),
    ("SQUARED_DIFFERENCE", "squared_difference_16", 0.3),
    ("MAXIMUM", "maximum_16", 0.002),
    ("MINIMUM", "minimum_16", 0.002),
):
    for name in ("same", "scalar", "channel_first", "mixed", "rank5_merged"):
        binary(
            op,
            name,
            SHAPES[name],
            (0.002, 0),
            (0.003, 0),
            (out, 0),
            dtype=np.int16,
            group=group,
        )
    binary(
        op,
        "scales_apart",
        SHAPES["same"],
        (0.5, 0),
        (1e-4, 0),
        (6.0, 0),
        dtype=np.int16,
        group=group,
    )
binary(
    "ADD",
    "relu6",
    SHAPES["same"],
    (0.002, 0),
    (0.003, 0),
    (0.004, 0),
    dtype=np.int16,
    group="add_16",
    activation="relu6",
)
binary(
    "ADD",
    "zero_points",
    SHAPES["same"],
    (0.002, 900),
    (0.003, -7000),
    (0.004, 311),
    dtype=np.int16,
    group="add_16",
)


def divide(name, divisors, a_scale, b_scale, out, **options):
    """DIV of all values by each of the divisors; the zero points are 5 and -7."""

    def build(e):
        a = e.all_values(np.int8, a_scale, 5)
        data = np.clip(np.array(divisors) - 7, -128, 127).reshape(1, -1, 1)
        b = e.constant(data.shape, np.int8, b_scale, -7, data=data)
        return e.apply("DIV", [a, b], *out, **options)

    case(f"div/{name}", elementwise(build))


# Where the reference's last shift would pass 31 bits its result is an accident: quotients are kept
# large enough.
divide("small", [1, 2, 3, -1, -2, -5], 0.05, 0.5, (0.005, 3))
divide("large", [100, 77, -90], 8.0, 0.05, (0.6, -3))
divide("relu", [7, -6], 0.05, 0.01, (0.02, 0), activation="relu")


# PRELU


def prelu(name, shape, factor, a, f, out, dtype=np.int8):
    def build(e):
        factors = e.constant(factor, np.int8, *f)
        return e.apply("PRELU", [e.input(shape, dtype, *a), factors], *out, dtype=dtype)

    case(f"prelu{'_16' if dtype == np.int16 else ''}/{name}", elementwise(build))


prelu("channel", (1, 4, 3, 6), (1, 1, 6), A, (0.01, 0), (0.06, 8))
prelu("every_element", (1, 4, 3, 6), (4, 3, 6), A, (0.01, 5), (0.04, -8))
prelu("one", (1, 4, 3, 6), (1, 1, 1), (0.05, 127), (0.02, -128), (0.3, 0))
prelu("large_factors", (1, 3, 6), (1, 6), (0.05, 0), (1.0, 0), (0.2, 0))
prelu("factor_zero_point_max", (1, 3, 6), (1, 6), (0.05, 20), (0.01, 127), (0.05, 20))
prelu("channel", (1, 4, 3, 6), (1, 1, 6), (0.001, 0), (0.01, 0), (0.0012, 0), np.int16)
prelu("every_element", (1, 4, 3, 6), (4, 3, 6), (0.001, 0), (0.03, 7), (0.0006, 0), np.int16)


# Comparisons

RELATIONS = ("EQUAL", "NOT_EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL")
for op in RELATIONS:
    binary(op, "same_scale", SHAPES["mixed"], A, A, (None, 0), out_type=np.bool_)
    binary(op, "constant", SHAPES["channel"], A, B, (None, 0), out_type=np.bool_)
    binary(
        op, "close", ((1, 40), (1, 40), None), (0.5, 3), (0.25, -9), (None, 0), out_type=np.bool_
    )
    binary(op, "tiny", SHAPES["same"], (1e-6, 3), (2e-6, -9), (None, 0), out_type=np.bool_)
    binary(op, "apart", SHAPES["scalar_first"], (0.9, 3), (1e-3, -9), (None, 0), out_type=np.bool_)


# Truth values


def truth(op, name, shapes, operator_count=2):
    def build(e):
        inputs = [e.input(shape, np.bool_, None, 0) for shape in shapes[:operator_count]]
        return e.apply(op, inputs, None, dtype=np.bool_)

    case(f"{op.lower()}/{name}", elementwise(build))


for op in ("LOGICAL_AND", "LOGICAL_OR"):
    truth(op, "same", SHAPES["same"])
    truth(op, "broadcast", SHAPES["mixed"])
truth("LOGICAL_NOT", "plain", SHAPES["same"], 1)
truth("EQUAL", "truth_values", SHAPES["same"])
truth("NOT_EQUAL", "truth_values", SHAPES["outer"])


def select(name, condition, x, y, dtype):
    def build(e):
        inputs = [
            e.input(condition, np.bool_, None, 0),
            e.input(x, dtype, 0.05, 0),
            e.input(y, dtype, 0.05, 0),
        ]
        return e.apply("SELECT_V2", inputs, 0.05, 0, dtype=dtype)

    case(f"select_v2/{name}", elementwise(build))


for dtype, suffix in ((np.int8, ""), (np.int16, "_16")):
    select(f"same{suffix}", (1, 3, 4), (1, 3, 4), (1, 3, 4), dtype)
    select(f"condition_repeated{suffix}", (1, 3, 1), (1, 3, 4), (1, 3, 4), dtype)
    select(f"values_repeated{suffix}", (1, 3, 4), (1, 1, 4), (3, 1), dtype)
    select(f"scalars{suffix}", (2, 3, 4, 5), (), (1,), dtype)


# QUANTIZE between types, and CAST


def convert(name, source, target, a, out):
    def build(e):
        x = e.all_values(source, *a) if np.iinfo(source).bits == 8 else e.input((3, 40), source, *a)
        return e.apply("QUANTIZE", [x], *out, dtype=target)

    case(f"quantize_types/{name}", elementwise(build))


convert("int8_to_uint8", np.int8, np.uint8, (1 / 256, -128), (1 / 256, 0))
convert("int8_to_uint8_other_scale", np.int8, np.uint8, (0.05, -3), (0.07, 99))
convert("uint8_to_int8", np.uint8, np.int8, (1 / 255, 0), (1 / 255, -128))
convert("uint8_to_int8_other_scale", np.uint8, np.int8, (0.05, 130), (0.03, -3))
convert("int8_to_int16", np.int8, np.int16, (0.05, -3), (0.0004, 0))
convert("int8_to_int16_zero_point", np.int8, np.int16, (0.05, -3), (0.0004, 500))
convert("int8_to_int32", np.int8, np.int32, (0.05, -3), (0.00001, 0))
convert("int16_to_int8", np.int16, np.int8, (0.0004, 0), (0.1, -3))
convert("int16_to_int16", np.int16, np.int16, (0.0004, 0), (0.0003, 0))
convert("int16_to_int16_coarser", np.int16, np.int16, (0.0004, 12), (0.0013, -5))
convert("int16_to_int32", np.int16, np.int32, (0.0004, 0), (0.00001, 0))


def cast(source, target):
    def build(e):
        scale = None if source == np.bool_ else 0.05
        x = e.input((2, 3, 7), source, scale, 0)
        return e.apply("CAST", [x], None if target == np.bool_ else 0.05, 0, dtype=target)

    name = f"{np.dtype(source).name}_to_{np.dtype(target).name}"
    case(f"cast/{name}", elementwise(build))


for source in (np.int8, np.int16, np.bool_):
    for target in (np.int8, np.int16, np.int32):
        cast(source, target)


# Several operators


def chain(e):
    """What wake word models end in: LOGISTIC, then QUANTIZE to uint8."""
    x = e.all_values(np.int8, 0.08, 12)
    y = e.apply("LOGISTIC", [x], 1 / 256, -128)
    return e.apply("QUANTIZE", [y], 1 / 256, 0, dtype=np.uint8)


case("elementwise_graphs/logistic_quantize", elementwise(chain))


def gate(e):
    """A squeeze-and-excite gate: x * logistic(hard_swish(x)), channel by channel."""
    x = e.input((1, 4, 4, 6), np.int8, 0.05, -3)
    y = e.apply("HARD_SWISH", [x], 0.04, -100)
    z = e.apply("LOGISTIC", [y], 1 / 256, -128)
    return e.apply("MUL", [x, z], 0.04, 2)


case("elementwise_graphs/gate", elementwise(gate))


def clip(e):
    """A mask: where x exceeds a constant, its difference to it, else x itself."""
    x = e.input((1, 5, 6), np.int8, 0.05, -3)
    limit = e.constant((6,), np.int8, 0.05, -3)
    above = e.apply("GREATER", [x, limit], None, dtype=np.bool_)
    rest = e.apply("SUB", [x, limit], 0.05, -3)
    return e.apply("SELECT_V2", [above, rest, x], 0.05, -3)


case("elementwise_graphs/clip", elementwise(clip))


# Scales whose quotient rounds to the other side of one half in single precision: 3250 times it.


def near_half(op, **options):
    def build(e):
        data = np.array([[[3250, 9750, -3250, -9750, 1, -1, 32767, -32768]]])
        x = e.input((1, 8), np.int16, 7.82050919951871e-05, 0, data=data)
        return e.apply(op, [x], 6.47475608275272e-05, 0, **options)

    case(f"{op.lower()}/near_half_s16", elementwise(build))


near_half("LEAKY_RELU", alpha=0.1)
near_half("ABS")
