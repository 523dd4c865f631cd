# SPDX-License-Identifier: Apache-2.0
"""Cases of reductions, softmaxes, resizing and float tails."""

import numpy as np

import network_reduce as r
from cases import case


def unary(op, name, method, dtype=np.int8, given=(), **arguments):
    """A case of one operator on one integer input; `given` are arguments of the input."""
    given = dict(given)

    def build(net):
        return [method(net, r.integer_input(net, dtype=dtype, **given), **arguments)]

    case(f"{op}/{name}", build)


# MEAN and SUM


SHAPES = {
    "spatial": ((1, 5, 7, 9), (1, 2)),
    "spatial_reversed": ((1, 3, 4, 5), (2, 1)),
    "spatial_batch": ((3, 4, 3, 5), (1, 2)),
    "spatial_negative": ((1, 4, 4, 6), (-3, -2)),
    "spatial_large": ((1, 17, 19, 3), (1, 2)),
    "height": ((1, 6, 5, 4), (1,)),
    "width": ((2, 3, 7, 4), (2,)),
    "channels": ((1, 3, 4, 13), (3,)),
    "batch": ((5, 2, 3, 2), (0,)),
    "all": ((2, 3, 4, 5), (0, 1, 2, 3)),
    "alternating": ((3, 4, 5, 6), (0, 2)),
    "alternating_odd": ((3, 4, 5, 6), (1, 3)),
    "outer_and_inner": ((3, 4, 5, 2), (0, 3)),
    "repeated_axis": ((2, 5, 3), (1, -2, 1)),
    "scalar_axis": ((4, 6), 1),
    "vector": ((37,), (0,)),
    "matrix": ((5, 33), (1,)),
    "rank5": ((2, 3, 2, 3, 4), (1, 3)),
    "one_element": ((1, 1, 1, 8), (1, 2)),
    "power_of_two": ((1, 8, 8, 4), (1, 2)),
}

for name, (shape, axes) in SHAPES.items():
    for keep in (False, True):
        suffix = "_keep" if keep else ""
        scale, zero_point = (0.031, 5) if keep else (None, None)
        given = dict(shape=shape, scale=0.05, zero_point=-11)
        unary(
            "mean",
            name + suffix,
            r.reduce,
            given=given,
            operator="MEAN",
            axes=axes,
            keep=keep,
            scale=scale,
            zero_point=zero_point,
        )

for name, scales in {
    "finer_output": (0.05, 0.011, -20),
    "coarser_output": (0.05, 1.7, 100),
    "much_finer_output": (0.9, 0.00001, 0),
    "much_coarser_output": (0.00001, 0.9, 3),
    "scale_below_2_31": (1e-9, 5.0, 3),
    "zero_point_min": (0.05, 0.05, -128),
    "zero_point_max": (0.05, 0.04, 127),
}.items():
    for zero in (-128, 127, 3):
        given = dict(shape=(1, 4, 5, 6), scale=scales[0], zero_point=zero)
        for operator in ("MEAN", "SUM"):
            unary(
                operator.lower(),
                f"{name}_{zero}",
                r.reduce,
                given=given,
                operator=operator,
                axes=(1, 2),
                keep=False,
                scale=scales[1],
                zero_point=scales[2],
            )

for name in ("spatial", "channels", "all", "alternating", "alternating_odd", "matrix"):
    shape, axes = SHAPES[name]
    for keep in (False, True):
        unary(
            "sum",
            name + ("_keep" if keep else ""),
            r.reduce,
            given=dict(shape=shape, scale=0.05, zero_point=7),
            operator="SUM",
            axes=axes,
            keep=keep,
            scale=0.3,
            zero_point=-5,
        )

for name in ("spatial", "channels", "all", "alternating", "alternating_odd", "matrix", "rank5"):
    shape, axes = SHAPES[name]
    for operator in ("MEAN", "SUM"):
        unary(
            operator.lower(),
            name + "_int16",
            r.reduce,
            dtype=np.int16,
            given=dict(shape=shape, scale=0.0003, zero_point=0),
            operator=operator,
            axes=axes,
            keep=True,
            scale=0.0002 if operator == "MEAN" else 0.004,
            zero_point=0,
        )

# REDUCE_MAX, REDUCE_MIN

for name in SHAPES:
    shape, axes = SHAPES[name]
    for operator in ("REDUCE_MAX", "REDUCE_MIN"):
        unary(
            operator.lower(),
            name,
            r.reduce,
            given=dict(shape=shape, zero_point=4),
            operator=operator,
            axes=axes,
            keep=name.startswith("spatial"),
            scale=None,
            zero_point=None,
        )

# ARG_MAX, ARG_MIN

for name, shape, axis in [
    ("last", (3, 10), 1),
    ("last_negative", (2, 3, 11), -1),
    ("first", (5, 4), 0),
    ("middle", (2, 7, 3), 1),
    ("channels", (1, 4, 5, 6), 3),
    ("height", (1, 9, 2, 3), 1),
    ("vector", (19,), 0),
    ("one", (4, 1), 1),
]:
    for operator in ("ARG_MAX", "ARG_MIN"):
        # Few values, so that there are ties.
        given = dict(shape=shape, spread=0.03, rows=8)
        unary(operator.lower(), name, r.arg, given=given, operator=operator, axis=axis)
        given = dict(shape=shape)
        unary(operator.lower(), name + "_wide", r.arg, given=given, operator=operator, axis=axis)

# L2_NORMALIZATION

for zero in (-128, -5, 0, 127):
    for name, shape, spread in [
        ("vector", (1, 13), 1.0),
        ("rows", (4, 3), 1.0),
        ("image", (1, 3, 2, 5), 1.0),
        ("long", (2, 300), 1.0),
        ("single", (6, 1), 1.0),
        ("small", (9, 2), 0.02),
    ]:
        given = dict(shape=shape, zero_point=zero, spread=spread, rows=6)
        unary("l2_normalization", f"{name}_{zero}", r.l2_normalization, given=given)

# RESIZE_BILINEAR

for name, shape, size in [
    ("double", (1, 3, 4, 5), (6, 8)),
    ("odd", (1, 3, 4, 2), (7, 9)),
    ("halve", (1, 8, 6, 3), (4, 3)),
    ("shrink_odd", (1, 9, 7, 3), (4, 5)),
    ("same", (1, 4, 5, 3), (4, 5)),
    ("to_one", (1, 5, 6, 2), (1, 1)),
    ("from_one", (1, 1, 1, 4), (3, 5)),
    ("batch", (3, 2, 3, 1), (5, 4)),
    ("up_and_down", (1, 3, 9, 2), (10, 4)),
    ("large_factor", (1, 2, 3, 1), (31, 23)),
]:
    for mode in ("plain", "align", "half"):
        unary(
            "resize_bilinear",
            f"{name}_{mode}",
            r.resize_bilinear,
            given=dict(shape=shape, zero_point=9),
            size=size,
            align=mode == "align",
            half=mode == "half",
        )

# LOG_SOFTMAX, SOFTMAX with int16

for scale in (0.002, 0.05, 0.11, 0.5, 1.0, 3.0, 20.0):
    for name, shape in [
        ("vector", (1, 10)),
        ("rows", (5, 7)),
        ("one", (3, 1)),
        ("image", (1, 2, 3, 4)),
    ]:
        given = dict(shape=shape, scale=scale, zero_point=6, rows=7)
        unary("log_softmax", f"{name}_{scale}", r.log_softmax, given=given)

unary("log_softmax", "long", r.log_softmax, given=dict(shape=(2, 1000), scale=0.1, rows=3))
unary("log_softmax", "longest", r.log_softmax, given=dict(shape=(1, 4000), scale=0.001, rows=3))


def to_int16(net, x, beta):
    return r.softmax(net, x, np.int16, beta)


for scale, beta in ((0.05, 1.0), (0.3, 1.0), (0.11, 0.5), (1.0, 2.0), (0.002, 1.0)):
    for name, shape in [("vector", (1, 10)), ("rows", (5, 7)), ("one", (3, 1)), ("long", (1, 700))]:
        unary(
            "softmax_int16",
            f"from_int8_{name}_{scale}_{beta}",
            to_int16,
            given=dict(shape=shape, scale=scale, zero_point=-9, rows=5),
            beta=beta,
        )
        unary(
            "softmax_int16",
            f"{name}_{scale}_{beta}",
            to_int16,
            dtype=np.int16,
            given=dict(shape=shape, scale=scale / 128, rows=5, spread=0.6),
            beta=beta,
        )

# Pools of int16, and of int8 with slightly different scales

for operator in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
    for name, shape, arguments in [
        ("2x2", (1, 6, 7, 5), dict(window=(2, 2), stride=(2, 2))),
        ("3x3_same", (1, 5, 6, 3), dict(window=(3, 3), padding="same")),
        ("global", (2, 7, 5, 4), dict(window=(7, 5))),
        ("relu6", (1, 4, 4, 3), dict(window=(2, 3), activation="relu6")),
        ("stride_3x2_same", (1, 7, 8, 2), dict(window=(2, 2), stride=(3, 2), padding="same")),
    ]:
        unary(
            operator.lower(),
            name + "_int16",
            r.pool,
            dtype=np.int16,
            given=dict(shape=shape, scale=0.0007),
            operator=operator,
            **arguments,
        )
    unary(
        operator.lower(),
        "slightly_other_scale",
        r.pool,
        given=dict(shape=(1, 4, 4, 3), scale=0.05, zero_point=-3),
        operator=operator,
        window=(2, 2),
        activation="relu6",
        scale=0.0500009,
    )

# CUMSUM

for name, shape, axis in [("row", (2, 9), 1), ("column", (6, 4), 0), ("middle", (2, 5, 3), -2)]:
    for exclusive in (False, True):
        for reverse in (False, True):
            suffix = ("_exclusive" if exclusive else "") + ("_reverse" if reverse else "")
            unary(
                "cumsum",
                name + suffix,
                r.cumsum,
                given=dict(shape=shape, scale=0.05, zero_point=-7, spread=0.5),
                axis=axis,
                exclusive=exclusive,
                reverse=reverse,
                scale=0.2,
                zero_point=11,
            )

# Float tails: an integer operator, then what the host does


def tail(name, build_tail, shape=(2, 2, 6), dtype=np.int8, scale=0.12):
    def build(net):
        x = r.integer_input(net, shape, dtype, scale, 4 if dtype == np.int8 else 0, rows=7)
        y = r.reduce(net, x, "MEAN", (0,), True, scale * 0.8, -7 if dtype == np.int8 else 0)
        return build_tail(net, r.dequantize(net, y))

    case(f"float_tail/{name}", build)


tail("dequantize_int16", lambda net, x: [x], dtype=np.int16, scale=0.001)
tail("softmax", lambda net, x: [r.softmax(net, x, np.float32)])
tail("softmax_beta", lambda net, x: [r.softmax(net, x, np.float32, 0.37)])
tail("softmax_int16", lambda net, x: [r.softmax(net, x, np.float32)], dtype=np.int16, scale=0.001)
tail("log_softmax", lambda net, x: [r.log_softmax(net, x)])
tail("log_softmax_image", lambda net, x: [r.log_softmax(net, x)], shape=(1, 2, 3, 5))
tail(
    "reshape_softmax", lambda net, x: [r.softmax(net, r.float_reshape(net, x, (3, 4)), np.float32)]
)
tail("softmax_reshape", lambda net, x: [r.float_reshape(net, r.softmax(net, x, np.float32), (12,))])
tail("logits_and_softmax", lambda net, x: [x, r.softmax(net, x, np.float32)])
tail("softmax_twice", lambda net, x: [r.softmax(net, r.log_softmax(net, x), np.float32)])


def head(net):
    """A float input, reshaped and quantized."""
    x = net.float_input((12,), 0.05, -3)
    y = r.quantize(net, r.float_reshape(net, x, (3, 4)), np.int8, 0.05, -3)
    return [r.reduce(net, y, "MEAN", (1,), False, 0.04, 2)]


case("float_tail/reshaped_input", head)


def wide_head(net):
    """A float input quantized to int16."""
    x = net.float_input((3, 4), 0.0005, 0)
    y = r.quantize(net, x, np.int16, 0.0005, 0)
    return [r.reduce(net, y, "SUM", (1,), False, 0.001, 0)]


case("float_tail/int16_input", wide_head)
