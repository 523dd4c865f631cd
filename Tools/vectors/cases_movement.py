# SPDX-License-Identifier: Apache-2.0
"""Cases of the operators that move elements."""

import numpy as np

import network_movement as movement
from cases import case


def single(case_id, shape, method, *arguments, dtype=None, **options):
    """Registers a case of one operator on one input."""

    def build(net):
        if dtype is None:
            x = net.input(shape, rows=3)
        else:
            x = movement.typed_input(net, shape, dtype)
        result = method(net, x, *arguments, **options)
        return result if isinstance(result, list) else [result]

    case(case_id, build)


def joined(case_id, shapes, axis, method=movement.concatenation, dtype=None):
    """Registers a case that joins inputs."""

    def build(net):
        if dtype is None:
            values = [net.input(shape, rows=3) for shape in shapes]
        else:
            values = [movement.typed_input(net, shape, dtype) for shape in shapes]
        return [method(net, values, axis)]

    case(case_id, build)


# CONCATENATION and PACK

joined("concatenation/channels", [(1, 4, 5, 3), (1, 4, 5, 2)], 3)
joined("concatenation/channels_negative_axis", [(1, 3, 2, 1), (1, 3, 2, 4)], -1)
joined("concatenation/rows", [(1, 2, 5, 3), (1, 3, 5, 3), (1, 1, 5, 3)], 1)
joined("concatenation/columns_batch2", [(2, 3, 2, 3), (2, 3, 4, 3)], 2)
joined("concatenation/batch", [(1, 3, 2), (2, 3, 2)], 0)
joined("concatenation/vectors", [(5,), (3,), (1,), (8,)], 0)
joined("concatenation/ten_inputs", [(2, n + 1) for n in range(10)], 1)
joined("concatenation/one_input", [(2, 7)], 1)
joined("concatenation/int16", [(1, 3, 4), (1, 3, 2)], 2, dtype=np.int16)
joined("concatenation/rank5", [(1, 2, 3, 2, 2), (1, 2, 1, 2, 2)], 2)


def concatenated_twice(net):
    x = net.input((2, 5), rows=3)
    return [movement.concatenation(net, [x, x], 1)]


def concatenated_constant(net):
    x = net.input((1, 4, 3), rows=3)
    return [movement.concatenation(net, [x, net.constant((1, 2, 3), 0.05, -3)], 1)]


case("concatenation/same_twice", concatenated_twice)
case("concatenation/constant", concatenated_constant)

joined("pack/front", [(2, 3), (2, 3)], 0, movement.pack)
joined("pack/middle", [(2, 3), (2, 3), (2, 3)], 1, movement.pack)
joined("pack/back", [(2, 3), (2, 3)], -1, movement.pack)
joined("pack/images", [(1, 2, 3, 2), (1, 2, 3, 2)], 3, movement.pack)
joined("pack/int32", [(4,), (4,)], 1, movement.pack, dtype=np.int32)

# SPLIT, SPLIT_V and UNPACK

single("split/channels", (1, 4, 3, 6), movement.split, 3, 3)
single("split/rows", (1, 4, 3, 2), movement.split, 1, 2)
single("split/batch", (4, 3), movement.split, 0, 4)
single("split/negative_axis", (2, 3, 8), movement.split, -1, 2)
single("split/int16", (1, 3, 4), movement.split, 2, 2, dtype=np.int16)
single("split_v/channels", (1, 3, 2, 7), movement.split_v, 3, [1, 4, 2])
single("split_v/open_size", (1, 9, 2), movement.split_v, 1, [3, -1])
single("split_v/rows", (2, 6, 3), movement.split_v, -2, [1, 5])
single("unpack/front", (3, 4), movement.unpack, 0)
single("unpack/middle", (2, 3, 4), movement.unpack, 1)
single("unpack/back", (2, 3, 4), movement.unpack, -1)
single("unpack/rank5", (1, 2, 2, 3, 2), movement.unpack, 3)

# SLICE and STRIDED_SLICE

single("slice/inner", (1, 6, 5, 4), movement.slice_, [0, 2, 1, 1], [1, 3, 2, 2])
single("slice/to_the_end", (2, 7, 3), movement.slice_, [1, 2, 0], [-1, -1, -1])
single("slice/vector", (9,), movement.slice_, [4], [3])
single("slice/whole", (2, 3), movement.slice_, [0, 0], [-1, -1])
single("slice/int16", (3, 5), movement.slice_, [1, 1], [2, 3], dtype=np.int16)
single("slice/int32", (3, 5), movement.slice_, [0, 2], [3, 2], dtype=np.int32)
single("slice/rank5", (2, 2, 3, 4, 2), movement.slice_, [0, 1, 0, 1, 0], [2, 1, 2, 3, 1])

s_ = np.s_
single("strided_slice/steps", (1, 7, 6, 3), movement.strided_slice, s_[:, 1:7:2, ::3, :])
single("strided_slice/last_rows", (1, 9, 4), movement.strided_slice, s_[:, -8:, :])
single("strided_slice/first_rows", (1, 9, 4), movement.strided_slice, s_[:, :-1, :])
single("strided_slice/backwards", (2, 5, 3), movement.strided_slice, s_[:, ::-1, :])
single("strided_slice/backwards_steps", (2, 9, 3), movement.strided_slice, s_[:, 7:1:-3, ::-2])
single("strided_slice/shrink", (3, 4, 5), movement.strided_slice, s_[:, 2, :])
single("strided_slice/shrink_last", (3, 4, 5), movement.strided_slice, s_[:, :, -1])
single("strided_slice/shrink_two", (3, 4, 5), movement.strided_slice, s_[1, :, 0])
single("strided_slice/clamped", (1, 5, 3), movement.strided_slice, s_[:, -99:99, 1:99])
single("strided_slice/int16", (4, 6), movement.strided_slice, s_[1:3, ::2], dtype=np.int16)
single("strided_slice/int32", (4, 6), movement.strided_slice, s_[::-1, 1:], dtype=np.int32)
# GATHER and GATHER_ND

single("gather/rows", (5, 3), movement.gather, [4, 0, 0, 2])
single("gather/middle", (2, 5, 3), movement.gather, [1, 4, 1], axis=1)
single("gather/channels", (1, 3, 4, 5), movement.gather, [4, 2], axis=-1)
single("gather/matrix_of_indices", (4, 3), movement.gather, [[0, 1], [3, 2], [1, 1]])
single("gather/scalar_index", (4, 3), movement.gather, 2)
single("gather/regular", (9, 2), movement.gather, [0, 2, 4, 6])
single("gather/batch", (2, 4, 3), movement.gather, [[3, 0], [1, 1]], axis=1, batch=1)
single("gather/batch_outer", (2, 3, 4), movement.gather, [[3, 0], [1, 2]], axis=2, batch=1)
single("gather_nd/elements", (4, 3), movement.gather_nd, [[0, 1], [3, 2]])
single("gather_nd/rows", (4, 3, 2), movement.gather_nd, [[3], [0], [3]])
single("gather_nd/matrix", (3, 3, 2), movement.gather_nd, [[[0, 1]], [[2, 2]]])

# TRANSPOSE, REVERSE_V2

single("transpose/matrix", (5, 7), movement.transpose, [1, 0])
single("transpose/nhwc_to_nchw", (1, 4, 5, 3), movement.transpose, [0, 3, 1, 2])
single("transpose/nchw_to_nhwc", (2, 3, 4, 5), movement.transpose, [0, 2, 3, 1])
single("transpose/rows_and_columns", (2, 3, 4, 2), movement.transpose, [0, 2, 1, 3])
single("transpose/reversed", (2, 3, 4, 5), movement.transpose, [3, 2, 1, 0])
single("transpose/ones_only", (1, 6, 1, 5), movement.transpose, [2, 1, 0, 3])
single("transpose/identity", (2, 3, 4), movement.transpose, [0, 1, 2])
single("transpose/rank3", (3, 4, 5), movement.transpose, [2, 0, 1])
single("transpose/rank5", (2, 3, 2, 4, 3), movement.transpose, [4, 2, 0, 3, 1])
single("transpose/int16", (3, 4, 5), movement.transpose, [1, 2, 0], dtype=np.int16)
single("reverse/rows", (2, 5, 3), movement.reverse, [1])
single("reverse/channels", (2, 3, 5), movement.reverse, [-1])

# PAD, PADV2 and MIRROR_PAD

single("pad/same", (1, 4, 5, 3), movement.pad, [(0, 0), (1, 1), (1, 1), (0, 0)])
single("pad/uneven", (1, 4, 5, 3), movement.pad, [(0, 0), (0, 2), (1, 0), (0, 0)])
single("pad/channels", (1, 3, 2, 3), movement.pad, [(0, 0), (0, 0), (0, 0), (2, 3)])
single("pad/all", (2, 3, 2, 2), movement.pad, [(1, 1), (0, 2), (3, 0), (1, 1)])
single("pad/none", (2, 3), movement.pad, [(0, 0), (0, 0)])
single("pad/vector", (5,), movement.pad, [(2, 1)])
single("pad/int16", (1, 3, 4), movement.pad, [(0, 0), (1, 1), (0, 1)], dtype=np.int16)
single("pad/int32", (3, 4), movement.pad, [(1, 0), (0, 1)], dtype=np.int32)


def pad_v2(case_id, shape, paddings, value, dtype=None):
    single(case_id, shape, movement.pad, paddings, name="PADV2", value=value, dtype=dtype)


pad_v2("padv2/lowest", (1, 4, 5, 3), [(0, 0), (1, 1), (1, 1), (0, 0)], -128)
pad_v2("padv2/value", (2, 5), [(1, 0), (0, 3)], 77)
pad_v2("padv2/int16", (2, 5), [(1, 0), (2, 3)], -12345, dtype=np.int16)
pad_v2("padv2/int32", (2, 5), [(1, 0), (2, 3)], -1234567890, dtype=np.int32)
for mode in ("reflect", "symmetric"):
    single(
        f"mirror_pad/{mode}",
        (1, 4, 5, 3),
        movement.mirror_pad,
        [(0, 0), (1, 2), (3, 1), (0, 0)],
        mode,
    )
    single(f"mirror_pad/{mode}_all", (2, 3, 4), movement.mirror_pad, [(1, 1), (2, 0), (1, 3)], mode)
    single(f"mirror_pad/{mode}_vector", (4,), movement.mirror_pad, [(3, 2)], mode)

# Blocks

single("space_to_batch/2x2", (1, 4, 6, 3), movement.space_to_batch, [2, 2], [(0, 0), (0, 0)])
# The interpreter pads with a number that it never sets, 0 where memory is fresh: these cases have
# zero point 0.
single(
    "space_to_batch/padded",
    (2, 4, 5, 2),
    movement.space_to_batch,
    [2, 3],
    [(1, 1), (0, 1)],
    dtype=np.int8,
)
single(
    "space_to_batch/deep_padding",
    (1, 3, 2, 2),
    movement.space_to_batch,
    [4, 2],
    [(5, 0), (3, 1)],
    dtype=np.int8,
)
single("space_to_batch/rank3", (2, 6, 3), movement.space_to_batch, [3], [(2, 1)], dtype=np.int8)
single("batch_to_space/2x2", (4, 3, 2, 3), movement.batch_to_space, [2, 2], [(0, 0), (0, 0)])
single("batch_to_space/cropped", (12, 2, 3, 2), movement.batch_to_space, [2, 3], [(1, 1), (0, 2)])
single("batch_to_space/rank3", (6, 3, 4), movement.batch_to_space, [3], [(2, 1)])
single("space_to_depth/2", (1, 4, 6, 3), movement.space_to_depth, 2)
single("space_to_depth/3_batch2", (2, 3, 6, 2), movement.space_to_depth, 3)
single("depth_to_space/2", (1, 2, 3, 8), movement.depth_to_space, 2)
single("depth_to_space/3_batch2", (2, 2, 1, 18), movement.depth_to_space, 3)

# RESIZE_NEAREST_NEIGHBOR

for name, options in {
    "plain": {},
    "align_corners": {"align_corners": True},
    "half_pixels": {"half_pixels": True},
}.items():
    for sizes, target in {
        "2x": ((1, 3, 4, 2), (6, 8)),
        "up": ((1, 3, 5, 3), (7, 8)),
        "down": ((1, 9, 7, 2), (4, 3)),
        "batch2": ((2, 4, 4, 1), (3, 7)),
        "to_one": ((1, 5, 4, 2), (1, 1)),
    }.items():
        single(
            f"resize_nearest_neighbor/{name}_{sizes}",
            target[0],
            movement.resize_nearest,
            target[1],
            **options,
        )
single(
    "resize_nearest_neighbor/int16", (1, 3, 2, 3), movement.resize_nearest, (6, 4), dtype=np.int16
)

# Repetition and new shapes

single("broadcast_to/rows", (1, 4), movement.broadcast_to, (3, 4))
single("broadcast_to/columns", (3, 1), movement.broadcast_to, (3, 4))
single("broadcast_to/both", (2, 1, 3, 1), movement.broadcast_to, (2, 2, 3, 4))
single("broadcast_to/more_dimensions", (3,), movement.broadcast_to, (2, 2, 3))
single("squeeze/ones", (1, 3, 1, 2), movement.squeeze, [0, 2])
single("squeeze/negative", (1, 3, 1), movement.squeeze, [-1])
single("expand_dims/front", (3, 2), movement.expand_dims, 0)
single("expand_dims/back", (3, 2), movement.expand_dims, -1)

# Several operators


def dynamic_reshape(net):
    """What Keras' Flatten of a dynamic batch becomes."""
    x = net.input((1, 4, 3), rows=3)
    shape = movement.shape_of(net, x)
    batch = movement.strided_slice(net, shape, (0,))
    packed = movement.pack(net, [batch, constant_integer(net, 12)], 0)
    flat = movement.reshape_to(net, x, packed, (1, 12))
    return [net.fully_connected(flat, 3)]


def constant_integer(net, value):
    index = movement.integer(net, value)
    return movement.Value(index, (), None, 0, np.array([value], np.int32))


def filled(net):
    x = net.input((1, 3, 4), rows=3)
    return [movement.concatenation(net, [movement.fill(net, (1, 2, 4), 7, x), x], 1)]


def zeros(net):
    x = net.input((1, 3, 4), rows=3)
    return [movement.concatenation(net, [x, movement.zeros_like(net, x)], 1)]


def pad_before(method, paddings, shape=(1, 6, 7, 3), zero_point=-3, pad=None, **options):
    """A network of a PAD and an operator with a window."""

    def build(net):
        x = net.input(shape, zero_point=zero_point, rows=3)
        padded = movement.pad(net, x, [(0, 0), *paddings, (0, 0)], **(pad or {}))
        return [getattr(net, method)(padded, **options)]

    return build


def pad_for_two(net):
    x = net.input((1, 6, 6, 2), rows=3)
    padded = movement.pad(net, x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    return [net.conv2d(padded, 3, (3, 3)), net.depthwise_conv2d(padded, (3, 3))]


def pad_for_conv_and_sum(net):
    x = net.input((1, 4, 4, 2), rows=3)
    padded = movement.pad(net, x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    convolved = net.conv2d(padded, 2, (3, 3), padding="same")
    return [net.add(convolved, padded)]


def dilated(net):
    x = net.input((1, 8, 8, 3), zero_point=0, rows=3)
    phases = movement.space_to_batch(net, x, [2, 2], [(2, 2), (2, 2)])
    return [
        movement.batch_to_space(net, net.depthwise_conv2d(phases, (3, 3)), [2, 2], [(0, 0), (0, 0)])
    ]


def branches(net):
    """An inception block: parts are convolved apart and joined."""
    x = net.input((1, 5, 5, 8), rows=3)
    a, b = movement.split(net, x, 3, 2)
    return [
        movement.concatenation(net, [net.conv2d(a, 4, (1, 1), scale=0.05, zero_point=-3), b], 3)
    ]


case("movement_graphs/dynamic_reshape", dynamic_reshape)
case("movement_graphs/fill", filled)
case("movement_graphs/zeros_like", zeros)
case(
    "movement_graphs/pad_conv",
    pad_before("conv2d", [(1, 1), (1, 1)], channels=4, kernel=(3, 3)),
)
case(
    "movement_graphs/pad_conv_stride2",
    pad_before("conv2d", [(3, 3), (3, 3)], channels=4, kernel=(7, 7), stride=(2, 2)),
)
case(
    "movement_graphs/pad_same_conv",
    pad_before("conv2d", [(1, 0), (0, 2)], channels=4, kernel=(3, 3), padding="same"),
)
case(
    "movement_graphs/pad_depthwise",
    pad_before("depthwise_conv2d", [(0, 1), (0, 1)], kernel=(3, 3), stride=(2, 2)),
)
case(
    "movement_graphs/pad_wide_conv",
    pad_before("conv2d", [(5, 1), (0, 4)], channels=2, kernel=(2, 2)),
)
case(
    "movement_graphs/pad_lowest_max_pool",
    pad_before("max_pool2d", [(1, 1), (1, 1)], zero_point=-128, window=(3, 3), stride=(2, 2)),
)
case(
    "movement_graphs/pad_zero_max_pool",
    pad_before("max_pool2d", [(1, 1), (1, 1)], window=(3, 3), stride=(2, 2)),
)
case(
    "movement_graphs/padv2_max_pool",
    pad_before(
        "max_pool2d",
        [(1, 1), (1, 1)],
        pad={"name": "PADV2", "value": -128},
        window=(3, 3),
        stride=(2, 2),
    ),
)
case(
    "movement_graphs/padv2_conv",
    pad_before(
        "conv2d", [(1, 1), (1, 1)], pad={"name": "PADV2", "value": 9}, channels=2, kernel=(3, 3)
    ),
)
case("movement_graphs/pad_for_two", pad_for_two)
case("movement_graphs/pad_for_conv_and_sum", pad_for_conv_and_sum)
case("movement_graphs/dilated", dilated)
case("movement_graphs/branches", branches)
