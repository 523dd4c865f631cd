# SPDX-License-Identifier: Apache-2.0
"""The cases: functions that take a random generator and give (signature, function)."""

import numpy as np
import tensorflow as tf

CASES = {}
FLOAT, INT, BOOL = tf.float32, tf.int32, tf.bool


def add(case_id, shapes, function, types=None):
    """A case without weights: `function` of tensors of these shapes."""
    types = types or [FLOAT] * len(shapes)
    CASES[case_id] = lambda random: (list(zip(shapes, types)), function)


def weighted(case_id, shape, weights, function):
    """A case whose `function` gets the input and constants of the shapes `weights`."""

    def build(random):
        constants = [random.normal(0, 0.5, size).astype(np.float32) for size in weights]
        return [(shape, FLOAT)], lambda x: function(x, *constants)

    CASES[case_id] = build


# Convolutions.


def convolution(stride=(1, 1), padding="SAME", dilation=(1, 1), activation=None, groups=None):
    def function(x, w, b):
        y = tf.nn.conv2d(x, w, [1, *stride, 1], padding, dilations=[1, *dilation, 1])
        return activation(y + b) if activation else y + b

    return function


def depthwise(stride=(1, 1), padding="SAME", dilation=(1, 1), activation=None):
    def function(x, w, b):
        y = tf.nn.depthwise_conv2d(x, w, [1, *stride, 1], padding, dilations=dilation) + b
        return activation(y) if activation else y

    return function


EXPLICIT = [[0, 0], [2, 1], [0, 3], [0, 0]]

for name, shape, kernel, options in [
    ("1x1", (1, 5, 7, 6), (1, 1, 6, 9), {}),
    ("1x1_stride2", (1, 6, 7, 5), (1, 1, 5, 4), {"stride": (2, 2)}),
    ("3x3_same", (1, 9, 7, 3), (3, 3, 3, 8), {"activation": tf.nn.relu}),
    ("3x3_valid", (1, 9, 7, 3), (3, 3, 3, 5), {"padding": "VALID", "activation": tf.nn.relu6}),
    ("3x3_same_stride2", (1, 8, 9, 4), (3, 3, 4, 6), {"stride": (2, 2)}),
    ("5x2_stride2x3", (1, 13, 11, 2), (5, 2, 2, 7), {"stride": (2, 3)}),
    ("3x3_dilated", (1, 11, 12, 3), (3, 3, 3, 4), {"dilation": (2, 3)}),
    ("3x3_dilated_valid", (1, 11, 12, 3), (3, 3, 3, 4), {"dilation": (3, 2), "padding": "VALID"}),
    ("10x4_one_channel", (1, 25, 10, 1), (10, 4, 1, 16), {"stride": (2, 2)}),
    ("kernel_above_image", (1, 3, 2, 2), (5, 5, 2, 3), {}),
    ("batch_of_3", (3, 5, 5, 2), (3, 3, 2, 4), {}),
    ("many_channels", (1, 7, 7, 70), (3, 3, 70, 33), {}),
    ("groups", (1, 6, 6, 8), (3, 3, 2, 12), {}),
    ("large", (1, 40, 40, 16), (3, 3, 16, 4), {}),
]:
    weighted(f"conv2d/{name}", shape, [kernel, (kernel[3],)], convolution(**options))

for name, shape, kernel, options in [
    ("3x3_same", (1, 9, 7, 19), (3, 3, 19, 1), {"activation": tf.nn.relu6}),
    ("3x3_stride2", (1, 8, 8, 32), (3, 3, 32, 1), {"stride": (2, 2), "activation": tf.nn.relu}),
    ("3x3_valid", (1, 9, 7, 3), (3, 3, 3, 1), {"padding": "VALID"}),
    ("multiplier_3", (1, 6, 7, 5), (3, 3, 5, 3), {"activation": tf.nn.relu}),
    ("one_to_eight", (1, 12, 10, 1), (4, 3, 1, 8), {"stride": (2, 2)}),
    ("dilated", (1, 11, 12, 12), (3, 3, 12, 1), {"dilation": (2, 2)}),
    ("5x1", (1, 10, 4, 28), (5, 1, 28, 1), {}),
    ("whole_image", (1, 4, 4, 10), (4, 4, 10, 1), {"padding": "VALID"}),
    ("batch_of_2", (2, 5, 4, 6), (3, 3, 6, 1), {}),
]:
    channels = kernel[2] * kernel[3]
    weighted(f"depthwise_conv2d/{name}", shape, [kernel, (channels,)], depthwise(**options))

weighted(
    "conv2d/explicit_padding",
    (1, 7, 6, 3),
    [(3, 4, 3, 5), (5,)],
    lambda x, w, b: tf.nn.conv2d(tf.pad(x, EXPLICIT), w, 1, "VALID") + b,
)

for name, shape, kernel, stride, padding, size in [
    ("same_stride2", (1, 4, 5, 3), (3, 3, 6, 3), 2, "SAME", (8, 10)),
    ("same_stride2_odd", (1, 4, 5, 3), (3, 3, 6, 3), 2, "SAME", (7, 9)),
    ("valid_stride1", (1, 4, 3, 2), (3, 2, 4, 2), 1, "VALID", (6, 4)),
    ("valid_stride3", (1, 3, 3, 5), (2, 4, 3, 5), 3, "VALID", (8, 10)),
    ("batch_of_2", (2, 3, 3, 4), (2, 2, 5, 4), 2, "SAME", (6, 6)),
]:
    output = (shape[0], *size, kernel[2])
    weighted(
        f"transpose_conv/{name}",
        shape,
        [kernel, (kernel[2],)],
        lambda x, w, b, output=output, stride=stride, padding=padding: tf.nn.conv2d_transpose(
            x, w, output, stride, padding
        )
        + b,
    )

# Matrices.

for name, shape, size, activation in [
    ("one_row", (1, 37), (37, 11), tf.nn.relu),
    ("rows", (5, 16), (16, 9), None),
    ("one_output", (1, 64), (64, 1), tf.nn.relu6),
    ("rank3", (2, 3, 10), (10, 4), None),
]:
    weighted(
        f"fully_connected/{name}",
        shape,
        [size, (size[1],)],
        lambda x, w, b, activation=activation: (activation or tf.identity)(
            tf.tensordot(x, w, [[len(x.shape) - 1], [0]]) + b
        ),
    )

for name, a, b, options in [
    ("plain", (3, 4, 5), (3, 5, 6), {}),
    ("transposed_second", (2, 4, 5), (2, 6, 5), {"adjoint_b": True}),
    ("broadcast", (1, 3, 4, 5), (2, 1, 5, 3), {}),
    ("two_dimensions", (4, 7), (7, 3), {}),
    ("broadcast_rank", (2, 3, 4, 5), (5, 2), {}),
]:
    add(
        f"batch_matmul/{name}",
        [a, b],
        lambda x, y, options=options: tf.raw_ops.BatchMatMulV2(
            x=x, y=y, adj_x=False, adj_y=options.get("adjoint_b", False)
        ),
    )

# Arithmetic.

BROADCASTS = [
    ("equal", (1, 4, 5, 3), (1, 4, 5, 3)),
    ("channels", (1, 4, 5, 7), (7,)),
    ("scalar", (1, 3, 5), ()),
    ("scalar_first", (), (2, 3)),
    ("rows", (2, 3, 4), (3, 1)),
    ("outer", (1, 5, 1, 3), (1, 1, 4, 3)),
    ("mixed", (2, 1, 3, 1, 5), (4, 1, 2, 1)),
]
BINARY = {
    "add": tf.add,
    "sub": tf.subtract,
    "mul": tf.multiply,
    "div": tf.divide,
    "maximum": tf.maximum,
    "minimum": tf.minimum,
    "squared_difference": tf.math.squared_difference,
}
for label, function in BINARY.items():
    for name, a, b in BROADCASTS if label in ("add", "div") else BROADCASTS[:4:3] + BROADCASTS[5:6]:
        add(f"{label}/{name}", [a, b], function)
add("add/relu", [(2, 5), (5,)], lambda x, y: tf.nn.relu(x + y))
add("sub/relu6", [(2, 5), (2, 5)], lambda x, y: tf.nn.relu6(x - y))
add("mul/relu_n1_to_1", [(2, 5), (2, 1)], lambda x, y: tf.clip_by_value(x * y, -1.0, 1.0))
add("maximum/int32", [(2, 5), (5,)], tf.maximum, [INT, INT])

POSITIVE = {"rsqrt": tf.math.rsqrt, "sqrt": tf.sqrt, "log": tf.math.log}
UNARY = {
    "logistic": tf.sigmoid,
    "tanh": tf.tanh,
    "relu": tf.nn.relu,
    "relu6": tf.nn.relu6,
    "hard_swish": lambda x: x * tf.nn.relu6(x + 3.0) / 6.0,
    "leaky_relu": lambda x: tf.nn.leaky_relu(x, 0.3),
    "elu": tf.nn.elu,
    "abs": tf.abs,
    "neg": tf.negative,
    "square": tf.square,
    "exp": tf.exp,
    "sin": tf.sin,
    "cos": tf.cos,
    "floor": tf.floor,
    "ceil": tf.math.ceil,
    "round": tf.round,
    "gelu": lambda x: tf.nn.gelu(x, approximate=False),
    "gelu_approximate": lambda x: tf.nn.gelu(x, approximate=True),
}
for label, function in UNARY.items():
    add(f"unary/{label}", [(3, 7, 5)], function)
for label, function in POSITIVE.items():
    add(f"unary/{label}", [(3, 7)], lambda x, function=function: function(tf.abs(x) + 0.01))

weighted(
    "prelu/channels",
    (1, 4, 3, 5),
    [(1, 1, 5)],
    lambda x, a: tf.nn.relu(x) + a * (-tf.nn.relu(-x)),
)

# Pools.

for name, shape, window, stride, padding in [
    ("2x2", (1, 6, 8, 5), (2, 2), (2, 2), "VALID"),
    ("3x2_same", (1, 7, 6, 3), (3, 2), (2, 1), "SAME"),
    ("whole_image", (1, 5, 4, 33), (5, 4), (1, 1), "VALID"),
    ("above_image", (2, 3, 3, 2), (5, 5), (2, 2), "SAME"),
]:
    for label, function in [("average", tf.nn.avg_pool2d), ("max", tf.nn.max_pool2d)]:
        add(
            f"{label}_pool2d/{name}",
            [shape],
            lambda x, f=function, w=window, s=stride, p=padding: f(x, w, s, p),
        )

# Rows and dimensions.

add("softmax/classes", [(1, 10)], tf.nn.softmax)
add("softmax/rank4", [(2, 3, 4, 5)], tf.nn.softmax)
add("softmax/one_class", [(3, 1)], tf.nn.softmax)
add("softmax/large_values", [(2, 6)], lambda x: tf.nn.softmax(x * 100.0))
add("log_softmax/rank3", [(2, 3, 6)], tf.nn.log_softmax)

for label, function in [
    ("mean", tf.reduce_mean),
    ("sum", tf.reduce_sum),
    ("reduce_max", tf.reduce_max),
    ("reduce_min", tf.reduce_min),
]:
    for name, shape, axes, keeps in [
        ("space", (2, 5, 7, 6), [1, 2], False),
        ("space_kept", (1, 5, 7, 6), [1, 2], True),
        ("last", (3, 4, 11), [2], True),
        ("first", (3, 4, 5), [0], False),
        ("outer_and_inner", (3, 4, 9), [0, 2], False),
        ("all", (2, 3, 4), [0, 1, 2], False),
    ]:
        add(
            f"{label}/{name}",
            [shape],
            lambda x, f=function, a=axes, k=keeps: f(x, a, keepdims=k),
        )

add("arg_max/last", [(3, 7)], lambda x: tf.argmax(x, 1, output_type=INT))
add("arg_max/inner_int64", [(3, 7, 2)], lambda x: tf.argmax(x, 1))
add("arg_min/first", [(6, 3)], lambda x: tf.argmin(x, 0, output_type=INT))
add("l2_normalization/rows", [(4, 9)], lambda x: tf.math.l2_normalize(x, -1))
for exclusive in (False, True):
    for reverse in (False, True):
        add(
            f"cumsum/{'exclusive' if exclusive else 'inclusive'}{'_reverse' if reverse else ''}",
            [(3, 5, 2)],
            lambda x, e=exclusive, r=reverse: tf.cumsum(x, 1, exclusive=e, reverse=r),
        )

# Truth values.

for label, function in [
    ("equal", tf.equal),
    ("not_equal", tf.not_equal),
    ("greater", tf.greater),
    ("greater_equal", tf.greater_equal),
    ("less", tf.less),
    ("less_equal", tf.less_equal),
]:
    add(f"compare/{label}", [(3, 4), (4,)], lambda x, y, f=function: f(tf.round(x), tf.round(y)))
add("logical/and", [(3, 4), (4,)], tf.logical_and, [BOOL, BOOL])
add("logical/or", [(3, 1), (1, 4)], tf.logical_or, [BOOL, BOOL])
add("logical/not", [(3, 4)], tf.logical_not, [BOOL])
add("select/equal", [(3, 4), (3, 4), (3, 4)], tf.where, [BOOL, FLOAT, FLOAT])
add("select/broadcast", [(3, 1), (3, 4), (1,)], tf.where, [BOOL, FLOAT, FLOAT])
add("cast/float_to_int32", [(3, 4)], lambda x: tf.cast(x, INT))
add("cast/int32_to_float", [(3, 4)], lambda x: tf.cast(x, FLOAT), [INT])
add("cast/bool_to_float", [(3, 4)], lambda x: tf.cast(x, FLOAT), [BOOL])
add("cast/float_to_bool", [(3, 4)], lambda x: tf.cast(tf.nn.relu(x), BOOL))

# Movement.

add("reshape/flat", [(2, 3, 4)], lambda x: tf.reshape(x, (4, 6)))
for permutation in [(0, 2, 3, 1), (0, 3, 1, 2), (3, 2, 1, 0), (0, 2, 1, 3)]:
    name = "".join(str(axis) for axis in permutation)
    add(
        f"transpose/{name}",
        [(2, 3, 4, 5)],
        lambda x, p=permutation: tf.transpose(x, p),
    )
add("transpose/two_dimensions", [(5, 9)], tf.transpose)
for axis in range(3):
    add(f"concatenation/axis{axis}", [(2, 3, 4)] * 2, lambda x, y, a=axis: tf.concat([x, y, x], a))
    add(f"split/axis{axis}", [(4, 6, 2)], lambda x, a=axis: tf.split(x, 2, a))
    add(f"pack/axis{axis}", [(2, 3)] * 2, lambda x, y, a=axis: tf.stack([x, y], a))
    add(f"unpack/axis{axis}", [(2, 3, 4)], lambda x, a=axis: tf.unstack(x, axis=a))
    add(
        f"gather/axis{axis}", [(4, 5, 3)], lambda x, a=axis: tf.gather(x, [[2, 0], [1, 2]], axis=a)
    )
add("split/unequal", [(2, 7)], lambda x: tf.split(x, [2, 4, 1], 1))
add("gather/batch", [(2, 5, 3)], lambda x: tf.gather(x, [[4, 0], [1, 1]], axis=1, batch_dims=1))
add("gather/nd", [(4, 5, 3)], lambda x: tf.gather_nd(x, [[3, 1], [0, 4]]))
add("slice/part", [(4, 5, 6)], lambda x: x[1:3, :, 2:5])
add("slice/strided", [(7, 8, 3)], lambda x: x[::3, 1::2, ::-1])
add("slice/dropped", [(4, 5, 6)], lambda x: x[2, :, 3])
add("pad/zeros", [(2, 3, 4)], lambda x: tf.pad(x, [[1, 0], [2, 3], [0, 2]]))
add("pad/value", [(2, 3)], lambda x: tf.pad(x, [[1, 1], [0, 2]], constant_values=-1.5))
add("pad/reflect", [(4, 3)], lambda x: tf.pad(x, [[3, 1], [2, 2]], "REFLECT"))
add("pad/symmetric", [(4, 3)], lambda x: tf.pad(x, [[4, 1], [2, 3]], "SYMMETRIC"))
add("tile/rank3", [(2, 3, 2)], lambda x: tf.tile(x, [2, 1, 3]))
add("broadcast/rank4", [(3, 1)], lambda x: tf.broadcast_to(x, (2, 2, 3, 4)))
add("space_to_batch/padded", [(1, 5, 6, 2)], lambda x: tf.space_to_batch(x, [2, 3], [[1, 2], [0, 0]]))
add("batch_to_space/cropped", [(6, 3, 2, 2)], lambda x: tf.batch_to_space(x, [2, 3], [[1, 0], [2, 1]]))
add("space_to_depth/2", [(2, 4, 6, 3)], lambda x: tf.nn.space_to_depth(x, 2))
add("depth_to_space/2", [(2, 2, 3, 12)], lambda x: tf.nn.depth_to_space(x, 2))

for size in [(8, 10), (7, 3), (4, 5), (1, 1), (13, 11)]:
    for label, corners, centers in [
        ("plain", False, False),
        ("corners", True, False),
        ("half_pixels", False, True),
    ]:
        options = {"align_corners": corners, "half_pixel_centers": centers, "size": size}
        for kind, operator in [
            ("bilinear", tf.raw_ops.ResizeBilinear),
            ("nearest_neighbor", tf.raw_ops.ResizeNearestNeighbor),
        ]:
            add(
                f"resize_{kind}/{size[0]}x{size[1]}_{label}",
                [(1, 4, 5, 3)],
                lambda x, o=options, op=operator: op(images=x, **o),
            )


# Networks.


def residual(x, w1, b1, w2, w3):
    y = tf.nn.relu6(tf.nn.conv2d(x, w1, 2, "SAME") + b1)
    z = tf.nn.relu(tf.nn.depthwise_conv2d(y, w2, [1, 1, 1, 1], "SAME") + y)
    return tf.nn.softmax(tf.linalg.matmul(tf.reduce_mean(z, [1, 2]), w3))


weighted(
    "network/residual", (1, 17, 15, 3), [(3, 3, 3, 12), (12,), (3, 3, 12, 1), (12, 5)], residual
)


def recurrent(units, steps, features):
    def build(random):
        model = tf.keras.Sequential([tf.keras.layers.LSTM(units, return_sequences=True)])
        model.build((1, steps, features))
        model.set_weights(
            [random.normal(0, 0.5, w.shape).astype(np.float32) for w in model.get_weights()]
        )
        return [((1, steps, features), FLOAT)], model

    return build


CASES["lstm/5_units"] = recurrent(5, 7, 3)
CASES["lstm/16_units"] = recurrent(16, 4, 9)
