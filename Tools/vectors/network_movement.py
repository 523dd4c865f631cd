# SPDX-License-Identifier: Apache-2.0
"""Builds networks of operators that move elements; numpy says what they should give.

Each function appends one operator to a `Network` and returns its output, or its outputs.
"""

import numpy as np

import tflite_writer
from network import Value
from tflite_writer import schema

for dtype, name in ((np.int16, "INT16"), (np.uint8, "UINT8"), (np.bool_, "BOOL")):
    tflite_writer.ELEMENT_TYPES.setdefault(np.dtype(dtype), getattr(schema.TensorType, name))


def typed_input(net, shape, dtype, scale=0.05, zero_point=0, rows=3):
    """An input of any integer type, over all of its range."""
    limits = np.iinfo(dtype)
    data = net.random.integers(limits.min, limits.max, (rows, *shape), dtype, endpoint=True)
    return net._add_input(shape, data, scale, zero_point)


def integers(net, values):
    """A constant list or matrix of int32."""
    data = np.atleast_1d(np.array(values, np.int32))
    return net.builder.tensor("integers", data.shape, np.int32, data=data)


def integer(net, value):
    """A constant scalar of int32."""
    data = np.array([value], np.int32)
    index = net.builder.tensor("integer", (1,), np.int32, data=data)
    net.builder.tensors[index].shape = []
    return index


def append(net, name, inputs, outputs, options=None, version=1, scale=None, zero_point=None):
    """Appends an operator with the given arrays [rows, ...] as outputs.

    They have the quantization of the first input that is a `Value`, or the stated one.
    """
    like = next(value for value in inputs if isinstance(value, Value))
    scale = like.scale if scale is None else scale
    zero_point = like.zero_point if zero_point is None else zero_point
    values = []
    for rows in outputs:
        label = f"{name.lower()}{len(net.values)}"
        index = net.builder.tensor(label, rows.shape[1:], rows.dtype, scale, zero_point)
        values.append(Value(index, tuple(rows.shape[1:]), scale, zero_point, rows))
        net.values.append(values[-1])
    operands = [i.index if isinstance(i, Value) else i for i in inputs]
    options_name = type(options).__name__[:-1] if options is not None else None
    net.builder.operator(name, operands, [v.index for v in values], options, options_name, version)
    return values


def each_row(x, function):
    """`function` of every row of a value."""
    return np.stack([function(row) for row in x.rows])


def set_fields(options, **fields):
    """Options with these fields set."""
    for name, value in fields.items():
        setattr(options, name, value)
    return options


# Join and cut.


def concatenation(net, values, axis, **rest):
    options = set_fields(schema.ConcatenationOptionsT(), axis=axis)
    count = max(len(v.rows) for v in values)
    parts = [np.broadcast_to(v.rows, (count, *v.shape)) for v in values]
    rows = np.concatenate(parts, axis if axis < 0 else axis + 1)
    return append(net, "CONCATENATION", values, [rows], options, **rest)[0]


def pack(net, values, axis):
    options = set_fields(schema.PackOptionsT(), axis=axis, valuesCount=len(values))
    count = max(len(v.rows) for v in values)
    parts = [np.broadcast_to(v.rows, (count, *v.shape)) for v in values]
    rows = np.stack(parts, axis if axis < 0 else axis + 1)
    return append(net, "PACK", values, [rows], options)[0]


def unpack(net, x, axis):
    position = axis % len(x.shape) + 1
    options = set_fields(schema.UnpackOptionsT(), axis=axis, num=x.rows.shape[position])
    parts = [np.take(x.rows, i, position) for i in range(x.rows.shape[position])]
    return append(net, "UNPACK", [x], parts, options)


def split(net, x, axis, count):
    options = set_fields(schema.SplitOptionsT(), numSplits=count)
    parts = np.split(x.rows, count, axis % len(x.shape) + 1)
    return append(net, "SPLIT", [integer(net, axis), x], parts, options)


def split_v(net, x, axis, sizes):
    options = set_fields(schema.SplitVOptionsT(), numSplits=len(sizes))
    position = axis % len(x.shape) + 1
    known = sum(size for size in sizes if size >= 0)
    resolved = [size if size >= 0 else x.rows.shape[position] - known for size in sizes]
    parts = np.split(x.rows, np.cumsum(resolved)[:-1], position)
    inputs = [x, integers(net, sizes), integer(net, axis)]
    return append(net, "SPLIT_V", inputs, parts, options)


def slice_(net, x, begin, size):
    ends = [None if s == -1 else b + s for b, s in zip(begin, size)]
    taken = (slice(None), *(slice(b, e) for b, e in zip(begin, ends)))
    inputs = [x, integers(net, begin), integers(net, size)]
    return append(net, "SLICE", inputs, [x.rows[taken]], schema.SliceOptionsT())[0]


def strided_slice(net, x, key, begin=None, end=None, offset=False, **masks):
    """STRIDED_SLICE as numpy's `key` says it; begin, end and strides are taken from it.

    Integers in `key` drop their dimension. `begin` and `end` override what the file states.
    """
    parts = [k if isinstance(k, slice) else slice(k, k + 1 or None, 1) for k in key]
    begin_mask = sum(1 << i for i, k in enumerate(parts) if k.start is None)
    end_mask = sum(1 << i for i, k in enumerate(parts) if k.stop is None)
    shrink = sum(1 << i for i, k in enumerate(key) if not isinstance(k, slice))
    options = set_fields(
        schema.StridedSliceOptionsT(),
        beginMask=begin_mask,
        endMask=end_mask & ~shrink,
        shrinkAxisMask=shrink,
        offset=offset,
        **masks,
    )
    begin = begin or [k.start or 0 for k in parts]
    end = end or [k.stop or 0 for k in parts]
    steps = [k.step or 1 for k in parts]
    rows = x.rows[(slice(None), *key)]
    inputs = [x, integers(net, begin), integers(net, end), integers(net, steps)]
    return append(net, "STRIDED_SLICE", inputs, [rows], options)[0]


def gather(net, x, indices, axis=0, batch=0):
    options = set_fields(schema.GatherOptionsT(), axis=axis, batchDims=batch)
    position = axis % len(x.shape)
    index = np.array(indices)

    def one(row):
        if batch == 0:
            return np.take(row, index, position)
        return np.stack([np.take(r, i, position - 1) for r, i in zip(row, index)])

    inputs = [x, integer(net, indices) if index.ndim == 0 else integers(net, indices)]
    return append(net, "GATHER", inputs, [each_row(x, one)], options)[0]


def gather_nd(net, x, indices):
    places = tuple(np.moveaxis(np.array(indices), -1, 0))
    rows = each_row(x, lambda row: row[places])
    inputs = [x, integers(net, indices)]
    return append(net, "GATHER_ND", inputs, [rows], schema.GatherNdOptionsT())[0]


# Reorder and repeat.


def transpose(net, x, permutation):
    order = [0] + [p % len(x.shape) + 1 for p in permutation]
    rows = np.ascontiguousarray(x.rows.transpose(order))
    inputs = [x, integers(net, permutation)]
    return append(net, "TRANSPOSE", inputs, [rows], schema.TransposeOptionsT())[0]


def reverse(net, x, axes):
    rows = np.flip(x.rows, [a % len(x.shape) + 1 for a in axes]).copy()
    return append(net, "REVERSE_V2", [x, integers(net, axes)], [rows], schema.ReverseV2OptionsT())[
        0
    ]


def broadcast_to(net, x, shape):
    rows = each_row(x, lambda row: np.broadcast_to(row, shape))
    inputs = [x, integers(net, shape)]
    return append(net, "BROADCAST_TO", inputs, [rows], schema.BroadcastToOptionsT())[0]


def tile(net, x, multiples):
    rows = each_row(x, lambda row: np.tile(row, multiples))
    return append(net, "TILE", [x, integers(net, multiples)], [rows], schema.TileOptionsT())[0]


def squeeze(net, x, axes):
    rows = np.squeeze(x.rows, tuple(a % len(x.shape) + 1 for a in axes))
    options = set_fields(schema.SqueezeOptionsT(), squeezeDims=list(axes))
    return append(net, "SQUEEZE", [x], [rows], options)[0]


def expand_dims(net, x, axis):
    rows = np.expand_dims(x.rows, axis if axis < 0 else axis + 1)
    inputs = [x, integer(net, axis)]
    return append(net, "EXPAND_DIMS", inputs, [rows], schema.ExpandDimsOptionsT())[0]


# Padding, blocks and sizes.


def pad(net, x, paddings, name="PAD", value=None, value_zero_point=None):
    """PAD, or PADV2 with a `value`."""
    fill = x.zero_point if value is None else value
    rows = np.pad(x.rows, [(0, 0), *paddings], constant_values=fill)
    inputs = [x, integers(net, paddings)]
    if value is not None:
        data = np.array([value], x.rows.dtype)
        zero_point = x.zero_point if value_zero_point is None else value_zero_point
        inputs.append(net.builder.tensor("value", (1,), data.dtype, x.scale, zero_point, data=data))
    options = schema.PadOptionsT() if name == "PAD" else schema.PadV2OptionsT()
    return append(net, name, inputs, [rows], options)[0]


def mirror_pad(net, x, paddings, mode):
    number = {"reflect": schema.MirrorPadMode.REFLECT, "symmetric": schema.MirrorPadMode.SYMMETRIC}
    options = set_fields(schema.MirrorPadOptionsT(), mode=number[mode])
    rows = np.pad(x.rows, [(0, 0), *paddings], mode)
    return append(net, "MIRROR_PAD", [x, integers(net, paddings)], [rows], options)[0]


def space_to_batch(net, x, block, paddings):
    def one(row):
        edges = [(0, 0), *paddings] + [(0, 0)] * (row.ndim - 1 - len(block))
        return blocks_to_front(np.pad(row, edges, constant_values=x.zero_point), block)

    inputs = [x, integers(net, block), integers(net, paddings)]
    options = schema.SpaceToBatchNDOptionsT()
    return append(net, "SPACE_TO_BATCH_ND", inputs, [each_row(x, one)], options)[0]


def blocks_to_front(row, block):
    """[n, h * a, w * b, ...] as [a * b * n, h, w, ...]."""
    count = len(block)
    split_shape = [row.shape[0]]
    for extent, size in zip(row.shape[1:], block):
        split_shape += [extent // size, size]
    split_row = row.reshape(*split_shape, *row.shape[1 + count :])
    inner = [2 + 2 * i for i in range(count)]
    outer = [1 + 2 * i for i in range(count)]
    rest = list(range(1 + 2 * count, split_row.ndim))
    moved = split_row.transpose(inner + [0] + outer + rest)
    return moved.reshape(-1, *moved.shape[count + 1 :])


def batch_to_space(net, x, block, crops):
    count = len(block)

    def one(row):
        batch = row.shape[0] // int(np.prod(block))
        split_row = row.reshape(*block, batch, *row.shape[1:])
        order = [count]
        for i in range(count):
            order += [count + 1 + i, i]
        order += range(2 * count + 1, split_row.ndim)
        merged = split_row.transpose(order)
        space = [row.shape[1 + i] * block[i] for i in range(count)]
        image = merged.reshape(batch, *space, *row.shape[1 + count :])
        kept = tuple(slice(a, size - b) for (a, b), size in zip(crops, space))
        return image[(slice(None), *kept)]

    inputs = [x, integers(net, block), integers(net, crops)]
    options = schema.BatchToSpaceNDOptionsT()
    return append(net, "BATCH_TO_SPACE_ND", inputs, [each_row(x, one)], options)[0]


def space_to_depth(net, x, block):
    def one(row):
        n, h, w, c = row.shape
        parts = row.reshape(n, h // block, block, w // block, block, c)
        return parts.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // block, w // block, -1)

    options = set_fields(schema.SpaceToDepthOptionsT(), blockSize=block)
    return append(net, "SPACE_TO_DEPTH", [x], [each_row(x, one)], options)[0]


def depth_to_space(net, x, block):
    def one(row):
        n, h, w, c = row.shape
        parts = row.reshape(n, h, w, block, block, c // block**2)
        return parts.transpose(0, 1, 3, 2, 4, 5).reshape(n, h * block, w * block, -1)

    options = set_fields(schema.DepthToSpaceOptionsT(), blockSize=block)
    return append(net, "DEPTH_TO_SPACE", [x], [each_row(x, one)], options)[0]


def resize_nearest(net, x, size, align_corners=False, half_pixels=False):
    tables = [
        nearest(before, after, align_corners, half_pixels)
        for before, after in zip(x.shape[1:3], size)
    ]
    rows = x.rows[:, :, tables[0]][:, :, :, tables[1]]
    options = set_fields(
        schema.ResizeNearestNeighborOptionsT(),
        alignCorners=align_corners,
        halfPixelCenters=half_pixels,
    )
    inputs = [x, integers(net, size)]
    return append(net, "RESIZE_NEAREST_NEIGHBOR", inputs, [rows], options, version=3)[0]


def nearest(before, after, align_corners, half_pixels):
    """Which element each position takes, in float32."""
    aligned = align_corners and after > 1
    scale = (
        np.float32(before - 1) / np.float32(after - 1)
        if aligned
        else (np.float32(before) / np.float32(after))
    )
    positions = np.arange(after, dtype=np.float32) + np.float32(0.5 if half_pixels else 0)
    scaled = positions * scale
    # Halves go away from zero.
    chosen = np.floor(scaled + np.float32(0.5)) if align_corners else np.floor(scaled)
    return np.clip(chosen.astype(int), 0, before - 1)


# Arithmetic on shapes, and constants.


def shape_of(net, x):
    rows = np.broadcast_to(np.array(x.shape, np.int32), (len(x.rows), len(x.shape)))
    return append(net, "SHAPE", [x], [rows], schema.ShapeOptionsT())[0]


def reshape_to(net, x, shape, resolved):
    """RESHAPE to a shape that is computed at run time."""
    rows = x.rows.reshape(len(x.rows), *resolved)
    return append(net, "RESHAPE", [x, shape], [rows], schema.ReshapeOptionsT())[0]


def fill(net, shape, value, like):
    """FILL with a constant int8 value."""
    data = np.array([value], np.int8)
    operand = net.builder.tensor("value", (1,), np.int8, like.scale, like.zero_point, data=data)
    net.builder.tensors[operand].shape = []
    rows = np.full((1, *shape), value, np.int8)
    name = f"fill{len(net.values)}"
    index = net.builder.tensor(name, shape, np.int8, like.scale, like.zero_point)
    dims = integers(net, shape)
    net.builder.operator("FILL", [dims, operand], [index], schema.FillOptionsT(), "FillOptions")
    return Value(index, tuple(shape), like.scale, like.zero_point, rows)


def zeros_like(net, x):
    rows = np.zeros_like(x.rows)
    return append(net, "ZEROS_LIKE", [x], [rows], schema.ZerosLikeOptionsT())[0]
