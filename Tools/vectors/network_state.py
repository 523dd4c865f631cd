# SPDX-License-Identifier: Apache-2.0
"""Networks that keep state: resource variables, and the patterns in which converters use them.

A variable's value depends on the rows before. Where the expected rows of a tensor are known all at
once (the rows of a stream are those of its input), functions here compute them at once.
"""

import numpy as np

import integer_reference as reference
from tflite_writer import schema


def read(net, handle, shape, scale, zero_point, rows):
    """READ_VARIABLE; `rows` are the values that are expected."""
    return net._append("READ_VARIABLE", [handle], shape, scale, zero_point, rows, None, None)


def assign(net, handle, value):
    """ASSIGN_VARIABLE."""
    net.builder.operator("ASSIGN_VARIABLE", [handle, value.index], [])


def initial_rows(net, name, shape, scale, zero_point, initial):
    """What a variable holds first: `default`, or constants that are `random` or a number."""
    if initial == "default":
        return np.full(shape, zero_point, np.int8)
    if initial == "random":
        data = net.random.integers(-128, 128, shape).astype(np.int8)
    else:
        data = np.full(shape, initial, np.int8)
    net.builder.initialize(name, data, scale, zero_point)
    return data


def delayed(rows, first):
    """The rows of one inference earlier."""
    return np.concatenate([first[np.newaxis], rows[:-1]])


def stream(net, x, kept, axis=1, initial="default", cut="behind"):
    """The last `kept` rows of earlier inferences and those of `x`, the oldest first.

    `cut` says whether old rows are dropped `behind` the concatenation or `before` it.
    """
    name = f"stream{len(net.values)}"
    new = x.shape[axis]
    total = kept + new
    shape = list(x.shape)
    shape[axis] = total if cut == "before" else kept
    first = initial_rows(net, name, tuple(shape), x.scale, x.zero_point, initial)
    # All rows that ever come, along `axis`, with those before the first inference in front.
    old = np.take(first, range(shape[axis] - kept, shape[axis]), axis)
    history = np.concatenate([old, *x.rows], axis)
    windows = [np.take(history, range(r * new, r * new + total), axis) for r in range(len(x.rows))]
    joined_rows = np.stack(windows)
    handle = net.builder.resource(name)
    whole = [slice(None)] * (len(shape) + 1)
    if cut == "before":
        value = read(net, handle, shape, x.scale, x.zero_point, delayed(joined_rows, first))
        value = part(net, value, {axis: (new, total)})
        joined = concatenation(net, [value, x], axis)
        assign(net, handle, joined)
        return joined
    whole[axis + 1] = slice(0, kept)
    value = read(net, handle, shape, x.scale, x.zero_point, joined_rows[tuple(whole)])
    joined = concatenation(net, [value, x], axis)
    assign(net, handle, part(net, joined, {axis: (new, total)}))
    return joined


def concatenation(net, values, axis):
    """CONCATENATION of values of one quantization."""
    options = schema.ConcatenationOptionsT()
    options.axis = axis
    rows = np.concatenate([v.rows for v in values], axis + 1)
    first = values[0]
    return net._append(
        "CONCATENATION",
        values,
        rows.shape[1:],
        first.scale,
        first.zero_point,
        rows,
        options,
        "ConcatenationOptions",
        version=2,
    )


def part(net, x, ranges):
    """STRIDED_SLICE: elements begin ... end - 1 along the axes in `ranges`."""
    begin, end = [0] * len(x.shape), list(x.shape)
    selection = [slice(None)] * (len(x.shape) + 1)
    for axis, (first, last) in ranges.items():
        begin[axis], end[axis] = first, last
        selection[axis + 1] = slice(first, last)
    constants = [
        net.builder.tensor(f"slice{i}", (len(x.shape),), np.int32, data=np.array(data, np.int32))
        for i, data in enumerate([begin, end, [1] * len(x.shape)])
    ]
    rows = x.rows[tuple(selection)]
    return net._append(
        "STRIDED_SLICE",
        [x, *constants],
        rows.shape[1:],
        x.scale,
        x.zero_point,
        rows,
        schema.StridedSliceOptionsT(),
        "StridedSliceOptions",
        version=2,
    )


def accumulator(net, x, scale, zero_point, initial):
    """s[r] = s[r - 1] + x[r] and what it was before, as rows; nothing is added to the model."""
    limits = reference.activation_range("none", scale, zero_point)
    last, rows = initial[np.newaxis], []
    for row in x.rows:
        operands = [(last, scale, zero_point), (row[np.newaxis], x.scale, x.zero_point)]
        last = reference.add(*operands, (scale, zero_point), limits)
        rows.append(last[0])
    rows = np.stack(rows)
    return rows, delayed(rows, initial)
