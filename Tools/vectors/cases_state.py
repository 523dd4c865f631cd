# SPDX-License-Identifier: Apache-2.0
"""Cases that keep state between rows: `state/...` variables, `stream/...` rows of a stream."""

import numpy as np

from cases import case
from network_state import (
    accumulator,
    assign,
    concatenation,
    delayed,
    initial_rows,
    part,
    read,
    stream,
)

# Rows of a case: enough for every ring to go around more than once.
ROWS = 40


def streaming(name, shape, kept, use, **options):
    """Registers a case of one stream: `use` makes the outputs of the joined rows."""

    def build(net):
        x = net.input(shape, rows=ROWS)
        outputs = use(net, stream(net, x, kept, **options))
        return outputs if isinstance(outputs, list) else [outputs]

    case(f"stream/{name}", build)


def flat(net, x):
    return net.reshape(x, (1, -1))


# Convolutions over the rows.

streaming("conv", (1, 1, 1, 8), 4, lambda n, s: n.conv2d(s, 6, (5, 1), activation="relu"))
streaming("conv_three_new", (1, 3, 1, 5), 2, lambda n, s: n.conv2d(s, 8, (5, 1)))
streaming("conv_more_new_than_kept", (1, 7, 1, 3), 2, lambda n, s: n.conv2d(s, 4, (4, 1)))
streaming("conv_wide", (1, 2, 6, 3), 5, lambda n, s: n.conv2d(s, 5, (3, 2)))
streaming("conv_strided", (1, 2, 7, 2), 7, lambda n, s: n.conv2d(s, 4, (3, 3), stride=(2, 2)))
streaming("conv_dilated", (1, 1, 5, 3), 8, lambda n, s: n.conv2d(s, 4, (3, 2), dilation=(3, 2)))
streaming(
    "conv_dilated_rows", (1, 2, 3, 4), 9, lambda n, s: n.conv2d(s, 5, (4, 3), dilation=(2, 1))
)
streaming(
    "conv_random_start", (1, 1, 1, 8), 6, lambda n, s: n.conv2d(s, 4, (7, 1)), initial="random"
)
streaming("conv_zero_start", (1, 1, 1, 8), 3, lambda n, s: n.conv2d(s, 4, (4, 1)), initial=0)
streaming("conv_padded", (1, 2, 4, 3), 4, lambda n, s: n.conv2d(s, 4, (3, 3), padding="same"))
streaming("conv_grouped", (1, 1, 3, 8), 4, lambda n, s: n.conv2d(s, 4, (5, 2), groups=2))
streaming("depthwise", (1, 1, 1, 8), 8, lambda n, s: n.depthwise_conv2d(s, (9, 1)))
streaming("depthwise_odd", (1, 1, 1, 7), 4, lambda n, s: n.depthwise_conv2d(s, (5, 1)), initial=7)
streaming(
    "depthwise_multiplier",
    (1, 1, 2, 3),
    4,
    lambda n, s: n.depthwise_conv2d(s, (3, 2), multiplier=3),
)
streaming(
    "depthwise_strided_dilated",
    (1, 2, 5, 4),
    8,
    lambda n, s: n.depthwise_conv2d(s, (3, 2), stride=(2, 1), dilation=(2, 2), activation="relu6"),
)
streaming(
    "depthwise_padded", (1, 1, 3, 4), 4, lambda n, s: n.depthwise_conv2d(s, (3, 3), padding="same")
)

# Fully connected layers over all rows.

streaming("dense", (1, 1, 1, 9), 4, lambda n, s: n.fully_connected(flat(n, s), 7))
streaming("dense_image", (1, 2, 3, 4), 3, lambda n, s: n.fully_connected(s, 5))
streaming("dense_rank3", (1, 3, 5), 4, lambda n, s: n.fully_connected(flat(n, s), 6))
streaming("dense_first_axis", (2, 6), 5, lambda n, s: n.fully_connected(flat(n, s), 4), axis=0)
streaming("dense_rows", (1, 2, 6), 3, lambda n, s: n.fully_connected(s, 4, keep_dimensions=True))

# Parts of the rows.


def mixed(net, joined):
    """Two kernel lengths on halves of the channels, as in mixed depthwise networks."""
    halves = [part(net, joined, {3: (4 * i, 4 * i + 4)}) for i in range(2)]
    rows = joined.shape[1]
    recent = part(net, halves[0], {1: (rows - 4, rows)})
    return concatenation(
        net,
        [
            net.depthwise_conv2d(recent, (4, 1), scale=0.4, zero_point=3),
            net.depthwise_conv2d(halves[1], (rows, 1), scale=0.4, zero_point=3),
        ],
        3,
    )


streaming("parts_mixed", (1, 1, 1, 8), 8, mixed)
streaming(
    "parts_conv",
    (1, 2, 3, 6),
    6,
    lambda n, s: n.conv2d(part(n, s, {1: (1, 6), 3: (2, 5)}), 4, (3, 2)),
)
streaming(
    "parts_dense",
    (1, 1, 1, 6),
    6,
    lambda n, s: n.fully_connected(flat(n, part(n, s, {1: (2, 6)})), 3),
)
streaming(
    "several_readers",
    (1, 1, 2, 4),
    4,
    lambda n, s: [
        n.conv2d(s, 4, (5, 2)),
        n.depthwise_conv2d(s, (2, 1)),
        n.fully_connected(flat(n, s), 3),
    ],
)

# What cannot read a ring.

streaming("pool", (1, 1, 2, 4), 4, lambda n, s: n.max_pool2d(s, (5, 1)))
streaming(
    "pool_and_conv", (1, 2, 2, 4), 4, lambda n, s: [n.max_pool2d(s, (3, 1)), n.conv2d(s, 3, (6, 2))]
)
streaming("joined_is_output", (1, 2, 1, 4), 3, lambda n, s: [s, n.conv2d(s, 3, (5, 1))])
streaming("several_batches", (2, 1, 1, 4), 3, lambda n, s: n.conv2d(s, 4, (4, 1)))

# The other form: rows are cut before they are joined.

streaming("cut_before", (1, 1, 1, 6), 4, lambda n, s: n.conv2d(s, 4, (5, 1)), cut="before")
streaming(
    "cut_before_random_start",
    (1, 2, 1, 6),
    5,
    lambda n, s: n.fully_connected(flat(n, s), 4),
    cut="before",
    initial="random",
)
streaming("cut_before_pool", (1, 2, 1, 6), 5, lambda n, s: n.max_pool2d(s, (4, 1)), cut="before")


def deep(net):
    x = net.input((1, 3, 8), rows=ROWS)
    h = net.conv2d(stream(net, net.reshape(x, (1, 3, 1, 8)), 2), 8, (5, 1), activation="relu")
    for kept in (4, 6):
        joined = stream(net, h, kept, initial="random")
        h = net.conv2d(net.depthwise_conv2d(joined, (kept + 1, 1)), 8, (1, 1), activation="relu")
    return [net.fully_connected(flat(net, stream(net, h, 4)), 3)]


case("stream/deep", deep)

# Variables.

SHAPE = (1, 6)
SCALE, ZERO_POINT = 0.05, -3


def variable(net, name, initial="default", shape=SHAPE):
    """A handle and the variable's initial contents."""
    first = initial_rows(net, name, shape, SCALE, ZERO_POINT, initial)
    return net.builder.resource(name), first


def reading(net, handle, rows):
    return read(net, handle, rows.shape[1:], SCALE, ZERO_POINT, rows)


def source(net):
    return net.input(SHAPE, SCALE, ZERO_POINT, rows=12)


def delay(initial):
    def build(net):
        x = source(net)
        handle, first = variable(net, "v", initial)
        value = reading(net, handle, delayed(x.rows, first))
        total = net.add(value, x)
        assign(net, handle, x)
        return [total]

    return build


case("state/delay", delay("default"))
case("state/delay_random_start", delay("random"))
case("state/delay_zero_start", delay(0))


def accumulate(net):
    """The sum is written into the variable from which it came."""
    x = source(net)
    handle, first = variable(net, "v", "random")
    rows, before = accumulator(net, x, SCALE, ZERO_POINT, first)
    total = net.add(reading(net, handle, before), x, scale=SCALE, zero_point=ZERO_POINT)
    assert np.array_equal(total.rows, rows)
    assign(net, handle, total)
    return [net.fully_connected(total, 3)]


case("state/accumulator", accumulate)


def accumulate_to_output(net):
    """As above, but the caller reads the sum, too."""
    x = source(net)
    handle, first = variable(net, "v")
    rows, before = accumulator(net, x, SCALE, ZERO_POINT, first)
    total = net.add(reading(net, handle, before), x, scale=SCALE, zero_point=ZERO_POINT)
    assign(net, handle, total)
    return [total]


case("state/accumulator_output", accumulate_to_output)


def old_value_after_assignment(net):
    x = source(net)
    handle, first = variable(net, "v")
    old = reading(net, handle, delayed(x.rows, first))
    assign(net, handle, x)
    return [net.add(old, x), old]


case("state/old_value_after_assignment", old_value_after_assignment)


def read_after_assignment(net):
    x = source(net)
    handle, _ = variable(net, "v")
    assign(net, handle, x)
    return [net.add(reading(net, handle, x.rows), x)]


case("state/read_after_assignment", read_after_assignment)


def assigned_twice(net):
    x = source(net)
    handle, first = variable(net, "v", 5)
    doubled = net.add(x, x, scale=SCALE, zero_point=ZERO_POINT)
    before = reading(net, handle, delayed(doubled.rows, first))
    assign(net, handle, x)
    between = reading(net, handle, x.rows)
    assign(net, handle, doubled)
    return [net.add(before, between), reading(net, handle, doubled.rows)]


case("state/assigned_twice", assigned_twice)


def swapped(net):
    """Two variables take each other's value; the first is fed with the input."""
    x = source(net)
    (a, first_a), (b, first_b) = variable(net, "a", 9), variable(net, "b", "random")
    old_a = reading(net, a, delayed(x.rows, first_a))
    old_b = reading(net, b, delayed(delayed(x.rows, first_a), first_b))
    assign(net, a, x)
    assign(net, b, old_a)
    return [net.add(old_a, old_b)]


case("state/swapped", swapped)


def two_handles(net):
    """Two handles name one variable."""
    x = source(net)
    handle, first = variable(net, "v", "random")
    value = reading(net, handle, delayed(x.rows, first))
    total = net.add(value, x)
    assign(net, net.builder.resource("v"), x)
    return [total]


case("state/two_handles", two_handles)


def value_reshaped(net):
    """A view of the old value is needed after the variable has changed."""
    x = source(net)
    handle, first = variable(net, "v", "random")
    old = net.reshape(reading(net, handle, delayed(x.rows, first)), (2, 3))
    assign(net, handle, x)
    return [net.add(old, net.reshape(x, (2, 3)))]


case("state/value_reshaped", value_reshaped)


def value_is_output(net):
    x = source(net)
    handle, first = variable(net, "v", "random")
    old = reading(net, handle, delayed(x.rows, first))
    assign(net, handle, x)
    return [old, net.add(x, x)]


case("state/value_is_output", value_is_output)
