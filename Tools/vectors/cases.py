# SPDX-License-Identifier: Apache-2.0
"""The cases: what each vector exercises.

`CASES` maps a case id `<op>/<situation>` to a function that builds a `Network` and returns its
outputs. Add a case by adding a line; ids are stable names that tests print.
"""

import numpy as np

CASES = {}


def case(case_id, build):
    """Registers a case; ids are unique."""
    assert case_id not in CASES, case_id
    CASES[case_id] = build


def single(op, name, method, input_arguments, **arguments):
    """Registers a case of one operator on one int8 input."""

    def build(net):
        return [getattr(net, method)(net.input(**input_arguments), **arguments)]

    case(f"{op}/{name}", build)


def image(height, width, channels, batch=1, **rest):
    """Arguments of an image input."""
    return dict(shape=(batch, height, width, channels), **rest)


# CONV_2D


def conv(name, given, channels, kernel, **rest):
    single("conv_2d", name, "conv2d", given, channels=channels, kernel=kernel, **rest)


conv("1x1", image(5, 4, 8), 8, (1, 1))
conv("1x1_one_channel", image(4, 4, 1), 1, (1, 1))
conv("1x1_stride2", image(7, 6, 8), 6, (1, 1), stride=(2, 2), activation="relu")
conv("1x1_odd_channels", image(4, 5, 7), 5, (1, 1), activation="relu6", scale=0.05)
conv("1x1_many_channels", image(2, 3, 64), 33, (1, 1), activation="relu")
conv("3x3_valid", image(6, 7, 3), 8, (3, 3))
conv("3x3_same", image(6, 7, 3), 8, (3, 3), padding="same", activation="relu")
conv("3x3_same_stride2_even", image(8, 8, 3), 5, (3, 3), stride=(2, 2), padding="same")
conv("3x3_same_stride2_odd", image(7, 9, 3), 5, (3, 3), stride=(2, 2), padding="same")
conv("3x3_valid_stride2", image(8, 9, 4), 4, (3, 3), stride=(2, 2), activation="relu")
conv("stride_1x2", image(5, 9, 3), 4, (3, 3), stride=(1, 2), padding="same")
conv("stride_3x1", image(9, 5, 3), 4, (2, 2), stride=(3, 1))
conv("stride_over_kernel_valid", image(9, 10, 3), 4, (2, 2), stride=(4, 3))
conv("stride_over_kernel_same", image(9, 10, 3), 4, (2, 1), stride=(4, 5), padding="same")
conv("kernel_1x5", image(4, 9, 2), 6, (1, 5), padding="same")
conv("kernel_5x1", image(9, 4, 2), 6, (5, 1))
conv("kernel_10x4_stride2", image(14, 10, 1), 8, (10, 4), stride=(2, 2), padding="same")
conv("kernel_over_image_same", image(2, 3, 4), 4, (5, 5), padding="same")
conv("kernel_is_image", image(4, 5, 3), 7, (4, 5))
conv("dilation2_valid", image(8, 9, 3), 4, (3, 3), dilation=(2, 2))
conv("dilation_1x3_same", image(6, 10, 2), 4, (3, 3), dilation=(1, 3), padding="same")
conv(
    "dilation2_stride2_same",
    image(9, 8, 2),
    4,
    (3, 3),
    stride=(2, 2),
    dilation=(2, 2),
    padding="same",
)
conv("groups2", image(5, 5, 8), 6, (3, 3), groups=2, padding="same")
conv("groups3_1x1", image(4, 4, 9), 12, (1, 1), groups=3)
conv("batch3", image(5, 4, 3, batch=3, rows=4), 4, (3, 3), padding="same", activation="relu")
conv("no_bias", image(5, 5, 3), 4, (3, 3), bias="none")
conv("bias_left_out", image(5, 5, 3), 4, (3, 3), bias="omitted")
conv("per_tensor", image(5, 5, 4), 6, (3, 3), per_tensor=True, activation="relu")
conv("relu_inner_zero_point", image(5, 5, 3), 4, (3, 3), activation="relu", zero_point=20)
conv("relu6", image(5, 5, 3), 4, (3, 3), activation="relu6", zero_point=-100, scale=0.04)
conv("relu_n1_to_1", image(5, 5, 3), 4, (3, 3), activation="relu_n1_to_1", scale=0.013)
conv("input_zero_point_min", image(5, 5, 3, zero_point=-128), 4, (3, 3), padding="same")
conv("input_zero_point_max", image(5, 5, 3, zero_point=127), 4, (3, 3), padding="same")
conv("output_zero_point_min", image(5, 5, 3), 4, (3, 3), zero_point=-128)
conv("output_zero_point_max", image(5, 5, 3), 4, (3, 3), zero_point=127)
conv("scale_spread_2e20", image(4, 4, 4), 24, (1, 1), weight_spread=2.0**20)
conv("scale_above_one", image(4, 4, 2, reach=4), 6, (1, 1), scale=6.0e-5, weight_reach=2)
conv("scale_tiny", image(4, 4, 8), 6, (1, 1), scale=1.0e6, bias="large")
conv("scale_below_2e-31", image(3, 3, 8), 4, (1, 1), scale=1.0e8, zero_point=11)
conv(
    "scale_power_of_two",
    image(5, 5, 4, scale=0.5),
    6,
    (1, 1),
    weight_scale=0.25,
    weight_spread=1.0,
    scale=128.0,
)
conv("large_bias", image(3, 3, 4), 8, (1, 1), bias="large", scale=9.0e3)
conv("boundary_bias", image(3, 3, 4), 30, (1, 1), bias="boundary")
conv("boundary_bias_one_scale", image(3, 3, 4), 30, (1, 1), bias="boundary", per_tensor=True)
conv("saturating", image(4, 4, 4), 6, (3, 3), scale=0.01)
conv("weights_minus_128", image(3, 3, 4), 3, (2, 2), weights=-128)


# DEPTHWISE_CONV_2D


def depthwise(name, given, kernel, **rest):
    single("depthwise_conv_2d", name, "depthwise_conv2d", given, kernel=kernel, **rest)


depthwise("3x3_valid", image(6, 7, 8), (3, 3))
depthwise("3x3_same", image(6, 7, 8), (3, 3), padding="same", activation="relu")
depthwise("3x3_same_stride2_even", image(8, 8, 5), (3, 3), stride=(2, 2), padding="same")
depthwise("3x3_same_stride2_odd", image(7, 9, 5), (3, 3), stride=(2, 2), padding="same")
depthwise("3x3_valid_stride2", image(8, 9, 4), (3, 3), stride=(2, 2), activation="relu")
depthwise("one_channel", image(6, 6, 1), (3, 3), padding="same")
depthwise("one_channel_multiplier64", image(6, 5, 1), (3, 3), multiplier=64, padding="same")
depthwise(
    "multiplier2",
    image(5, 5, 4),
    (3, 3),
    multiplier=2,
    padding="same",
    activation="relu6",
    scale=0.05,
)
depthwise("multiplier3_odd", image(5, 6, 3), (2, 3), multiplier=3)
depthwise(
    "multiplier7_stride2", image(6, 6, 2), (3, 3), multiplier=7, stride=(2, 2), padding="same"
)
depthwise("many_channels", image(3, 3, 67), (3, 3), padding="same")
depthwise("1x1", image(4, 4, 6), (1, 1))
depthwise("stride_over_kernel", image(9, 9, 3), (2, 2), stride=(3, 3), padding="same")
depthwise("stride_2x1", image(8, 5, 3), (3, 3), stride=(2, 1), padding="same")
depthwise("kernel_1x7", image(3, 12, 4), (1, 7), padding="same")
depthwise("kernel_9x1", image(12, 3, 4), (9, 1))
depthwise("kernel_5x5_same", image(6, 6, 4), (5, 5), padding="same")
depthwise("kernel_over_image_same", image(2, 2, 4), (5, 3), padding="same")
depthwise("kernel_is_image", image(5, 4, 6), (5, 4))
depthwise("dilation2_valid", image(8, 8, 3), (3, 3), dilation=(2, 2))
depthwise("dilation_3x1_same", image(9, 6, 3), (3, 3), dilation=(3, 1), padding="same")
depthwise(
    "dilation2_multiplier2", image(7, 7, 2), (3, 3), multiplier=2, dilation=(2, 2), padding="same"
)
depthwise(
    "dilation2_stride2", image(9, 9, 2), (3, 3), stride=(2, 2), dilation=(2, 2), padding="same"
)
depthwise("batch2", image(5, 5, 3, batch=2), (3, 3), padding="same", activation="relu")
depthwise("no_bias", image(5, 5, 3), (3, 3), bias="none")
depthwise("bias_left_out", image(5, 5, 3), (3, 3), bias="omitted")
depthwise("per_tensor", image(5, 5, 4), (3, 3), per_tensor=True)
depthwise("relu_n1_to_1", image(5, 5, 4), (3, 3), activation="relu_n1_to_1", scale=0.02)
depthwise("input_zero_point_min", image(5, 5, 3, zero_point=-128), (3, 3), padding="same")
depthwise("input_zero_point_max", image(5, 5, 3, zero_point=127), (3, 3), padding="same")
depthwise("output_zero_point_min_relu", image(5, 5, 3), (3, 3), zero_point=-128, activation="relu")
depthwise("output_zero_point_max", image(5, 5, 3), (3, 3), zero_point=127)
depthwise("scale_spread_2e20", image(4, 4, 24), (2, 2), weight_spread=2.0**20)
depthwise("scale_above_one", image(4, 4, 6, reach=4), (2, 2), scale=6.0e-5, weight_reach=2)
depthwise("scale_tiny", image(4, 4, 6), (2, 2), scale=1.0e6, bias="large")
depthwise("large_bias", image(3, 3, 8), (2, 2), bias="large", scale=9.0e3)
depthwise("boundary_bias", image(3, 3, 32), (2, 2), bias="boundary")
depthwise("saturating", image(4, 4, 4), (3, 3), scale=0.005)


# FULLY_CONNECTED


def dense(name, given, units, **rest):
    single("fully_connected", name, "fully_connected", given, units=units, **rest)


def vector(depth, batch=1, **rest):
    """Arguments of an input of `batch` rows."""
    return dict(shape=(batch, depth), **rest)


dense("plain", vector(16), 10)
dense("one_to_one", vector(1), 1)
dense("odd", vector(7), 5, activation="relu")
dense("one_output", vector(64), 1)
dense("one_input", vector(1), 16, activation="relu")
dense("wide", vector(257), 9)
dense("tall", vector(12), 130)
dense("batch4", vector(10, batch=4), 6)
dense("batch3_relu6", vector(9, batch=3), 7, activation="relu6", scale=0.06)
dense("relu_n1_to_1", vector(20), 8, activation="relu_n1_to_1", scale=0.015)
dense("no_bias", vector(16), 8, bias="none")
dense("bias_left_out", vector(16), 8, bias="omitted")
dense("image_flattened", image(2, 3, 4), 6)
dense("image_flattened_batch2", image(2, 2, 3, batch=2), 5)
dense("keep_dimensions_rank3", dict(shape=(1, 4, 6)), 5, keep_dimensions=True)
dense("keep_dimensions_rank4", image(2, 3, 5), 4, keep_dimensions=True)
dense("per_channel", vector(24), 12, per_tensor=False)
dense("per_channel_batch3_relu", vector(11, batch=3), 9, per_tensor=False, activation="relu")
dense("per_channel_no_bias", vector(24), 12, per_tensor=False, bias="none")
dense("per_channel_spread_2e20", vector(12), 24, per_tensor=False, weight_spread=2.0**20)
dense("per_channel_boundary_bias", vector(8), 60, per_tensor=False, bias="boundary")
dense("input_zero_point_min", vector(18, zero_point=-128), 6)
dense("input_zero_point_max", vector(18, zero_point=127), 6)
dense("output_zero_point_min_relu", vector(18), 6, zero_point=-128, activation="relu")
dense("output_zero_point_max", vector(18), 6, zero_point=127)
dense("scale_above_one", vector(6, reach=4), 6, scale=1.0e-4, weight_reach=2)
dense("scale_tiny", vector(32), 6, scale=1.0e6, bias="large")
dense("scale_below_2e-31", vector(16), 6, scale=1.0e8, zero_point=11)
dense("large_bias", vector(8), 8, bias="large", scale=9.0e3)
dense("saturating", vector(32), 8, scale=0.01)
dense("weights_minus_128", vector(20), 3, weights=-128)
# The product of these scales differs between single and double precision in its last bits, and
# the biases make visible which one a runtime uses.
dense("boundary_bias", vector(8), 60, bias="boundary")
dense("boundary_bias_scale2", vector(8, scale=0.0237), 60, bias="boundary", weight_scale=0.0071)
dense("boundary_bias_scale3", vector(8, scale=0.1113), 60, bias="boundary", weight_scale=0.0157)


# ADD


def add(name, shape_a, shape_b, scales=(0.05, 0.03), zero_points=(-3, 9), **rest):
    """ADD of two inputs."""

    def build(net):
        a = net.input(shape_a, scales[0], zero_points[0])
        b = net.input(shape_b, scales[1], zero_points[1])
        return [net.add(a, b, **rest)]

    case(f"add/{name}", build)


def add_constant(name, shape, constant_shape, **rest):
    """ADD of an input and a constant."""

    def build(net):
        a = net.input(shape)
        return [net.add(a, net.constant(constant_shape, 0.02, -11), **rest)]

    case(f"add/{name}", build)


def all_pairs(case_id, scales, zero_points, **rest):
    """Every pair of every fourth int8 value with every seventh."""

    def build(net):
        a = net.input(
            (1, 64, 1, 1),
            scales[0],
            zero_points[0],
            data=np.arange(-128, 128, 4).reshape(1, 1, 64, 1, 1),
        )
        b = net.input(
            (1, 1, 37, 1),
            scales[1],
            zero_points[1],
            data=np.arange(-128, 128, 7).reshape(1, 1, 1, 37, 1),
        )
        return [net.add(a, b, **rest)]

    case(case_id, build)


add("image", (1, 4, 5, 6), (1, 4, 5, 6))
add("vector", (1, 33), (1, 33))
add("rank1", (19,), (19,))
add("rank3", (2, 3, 5), (2, 3, 5))
add("batch3", (3, 2, 2, 4), (3, 2, 2, 4))
add("relu", (1, 4, 4, 5), (1, 4, 4, 5), activation="relu")
add("relu6", (1, 4, 4, 5), (1, 4, 4, 5), activation="relu6", zero_point=-128, scale=0.03)
add("relu_n1_to_1", (1, 4, 4, 5), (1, 4, 4, 5), activation="relu_n1_to_1", scale=0.02)
add("same_scales", (1, 4, 4, 5), (1, 4, 4, 5), scales=(0.05, 0.05), scale=0.1)
add("scales_power_of_two", (1, 4, 4, 5), (1, 4, 4, 5), scales=(0.25, 0.5), scale=1.0)
add("scale_ratio_1e4", (1, 4, 4, 5), (1, 4, 4, 5), scales=(1.0, 1e-4))
add("scale_ratio_1e-4", (1, 4, 4, 5), (1, 4, 4, 5), scales=(1e-4, 1.0))
add("scale_ratio_1e12", (1, 4, 4, 5), (1, 4, 4, 5), scales=(1e6, 1e-6))
add("zero_points_min_max", (1, 4, 4, 5), (1, 4, 4, 5), zero_points=(-128, 127))
add("zero_points_max_min", (1, 4, 4, 5), (1, 4, 4, 5), zero_points=(127, -128), zero_point=-128)
add("output_zero_point_max", (1, 4, 4, 5), (1, 4, 4, 5), zero_point=127)
add("saturating", (1, 4, 4, 5), (1, 4, 4, 5), scale=0.004)
add("output_scale_large", (1, 4, 4, 5), (1, 4, 4, 5), scale=0.7)
add("broadcast_channels", (1, 3, 4, 5), (1, 1, 1, 5))
add("broadcast_channels_first_operand", (1, 1, 1, 5), (1, 3, 4, 5))
add("broadcast_rows_and_columns", (1, 3, 1, 5), (1, 1, 4, 5))
add("broadcast_lower_rank", (1, 3, 4, 5), (5,))
add("broadcast_batch", (2, 3, 2, 4), (1, 3, 2, 4))
add("broadcast_one_element", (1, 3, 4, 5), (1,))
add("broadcast_relu", (1, 3, 4, 5), (1, 3, 4, 1), activation="relu")
add_constant("constant_same_shape", (1, 3, 4, 5), (1, 3, 4, 5))
add_constant("constant_channels", (1, 3, 4, 5), (1, 1, 1, 5), activation="relu")
add_constant("constant_one_element", (1, 12), (1,))
all_pairs("add/all_pairs", (0.0437, 0.0291), (-9, 17))
all_pairs("add/all_pairs_halves", (0.5, 0.5), (0, 0), scale=1.0, zero_point=0)


def add_to_itself(net):
    x = net.input((1, 4, 4, 3))
    return [net.add(x, x)]


case("add/to_itself", add_to_itself)


# AVERAGE_POOL_2D and MAX_POOL_2D

for op, method in (("average_pool_2d", "average_pool2d"), ("max_pool_2d", "max_pool2d")):
    for name, given, arguments in (
        ("2x2", image(6, 8, 4), dict(window=(2, 2), stride=(2, 2))),
        ("2x2_rest_dropped", image(7, 5, 4), dict(window=(2, 2), stride=(2, 2))),
        ("2x2_same_odd", image(7, 5, 4), dict(window=(2, 2), stride=(2, 2), padding="same")),
        ("3x3_stride1_same", image(5, 6, 3), dict(window=(3, 3), padding="same")),
        ("3x3_stride2_same", image(8, 7, 3), dict(window=(3, 3), stride=(2, 2), padding="same")),
        ("3x3_stride2_valid", image(8, 7, 3), dict(window=(3, 3), stride=(2, 2))),
        ("1x1_stride2", image(5, 5, 3), dict(window=(1, 1), stride=(2, 2))),
        ("window_1x4", image(3, 9, 2), dict(window=(1, 4), stride=(1, 3))),
        ("window_4x1_same", image(9, 3, 2), dict(window=(4, 1), stride=(2, 1), padding="same")),
        ("stride_over_window", image(9, 9, 3), dict(window=(2, 2), stride=(3, 4))),
        (
            "stride_over_window_same",
            image(8, 9, 3),
            dict(window=(2, 2), stride=(5, 3), padding="same"),
        ),
        ("whole_image", image(7, 7, 9), dict(window=(7, 7), stride=(7, 7))),
        ("whole_image_25x5", image(25, 5, 8, rows=4), dict(window=(25, 5), stride=(25, 5))),
        ("valid_24x5_of_25x5", image(25, 5, 4, rows=4), dict(window=(24, 5), stride=(24, 5))),
        ("window_over_image_same", image(3, 2, 4), dict(window=(5, 5), padding="same")),
        ("one_channel", image(6, 6, 1), dict(window=(3, 3), stride=(3, 3))),
        ("many_channels", image(4, 4, 71, rows=4), dict(window=(2, 2), stride=(2, 2))),
        ("batch2", image(4, 4, 3, batch=2), dict(window=(2, 2), stride=(2, 2))),
        ("relu", image(6, 6, 3), dict(window=(2, 2), stride=(2, 2), activation="relu")),
        (
            "relu6",
            image(6, 6, 3, scale=0.1, zero_point=-40),
            dict(window=(2, 2), stride=(1, 1), activation="relu6"),
        ),
        (
            "relu_n1_to_1",
            image(6, 6, 3, scale=0.02),
            dict(window=(2, 2), stride=(2, 2), activation="relu_n1_to_1"),
        ),
        ("zero_point_min", image(5, 5, 3, zero_point=-128), dict(window=(3, 3), padding="same")),
    ):
        single(op, name, method, given, **arguments)

# Sums that leave a remainder of exactly half the count, in both signs.
HALVES = np.array([[1, 2], [-1, -2], [3, 0], [-3, 0], [127, 126], [-127, -128], [0, 1], [0, -1]])
single(
    "average_pool_2d",
    "halves",
    "average_pool2d",
    image(1, 2, 1, data=HALVES.reshape(8, 1, 1, 2, 1)),
    window=(1, 2),
    stride=(1, 2),
)


# SOFTMAX


def softmax(name, shape, scale, zero_point=0, beta=1.0, rows=6, data=None):
    single(
        "softmax",
        name,
        "softmax",
        dict(shape=shape, scale=scale, zero_point=zero_point, rows=rows, data=data),
        beta=beta,
    )


softmax("ten", (1, 10), 0.1)
softmax("twelve", (1, 12), 0.21, zero_point=14)
softmax("one", (1, 1), 0.1)
softmax("two", (1, 2), 0.07, rows=12)
softmax("odd", (1, 7), 0.3)
softmax("wide", (1, 300), 0.05, rows=4)
softmax("batch5", (5, 6), 0.1)
softmax("rank1", (9,), 0.1)
softmax("rank3", (1, 4, 5), 0.1)
softmax("rank4", (1, 3, 2, 6), 0.1)
softmax("rank4_batch2", (2, 2, 2, 3), 0.1)
softmax("beta2", (1, 10), 0.1, beta=2.0)
softmax("beta_half", (1, 10), 0.1, beta=0.5)
softmax("beta_tenth", (1, 10), 0.4, beta=0.1)
softmax("scale_tiny", (1, 10), 1e-4)
softmax("scale_1_over_256", (1, 10), 1 / 256)
softmax("scale_one", (1, 10), 1.0)
softmax("scale_large", (1, 10), 8.0)
softmax("scale_power_of_two", (1, 10), 0.125)
softmax("zero_point_min", (1, 10), 0.1, zero_point=-128)
softmax("zero_point_max", (1, 10), 0.1, zero_point=127)
softmax("close_values", (1, 16), 0.06, rows=4, data=np.resize(np.arange(90, 128), (4, 1, 16)))
# Against a maximum of 127, every difference that int8 can hold.
EVERY_DIFFERENCE = np.stack([np.full(256, 127), np.arange(-128, 128)], axis=1)
softmax("every_difference", (1, 2), 0.0313, data=EVERY_DIFFERENCE.reshape(256, 1, 2))
softmax("every_difference_steep", (1, 2), 0.2371, data=EVERY_DIFFERENCE.reshape(256, 1, 2))


# RESHAPE


def reshape(name, given, shape, deprecated_codes_only=False, **rest):
    def build(net):
        net.deprecated_codes_only = deprecated_codes_only
        return [net.reshape(net.input(given, rows=3), shape, **rest)]

    case(f"reshape/{name}", build)


reshape("flatten", (1, 3, 4, 2), (1, 24))
reshape("to_image", (1, 24), (1, 2, 3, 4))
reshape("unknown_dimension", (1, 3, 4, 2), (1, -1))
reshape("unknown_first", (1, 3, 4, 2), (-1, 8))
reshape("rank1", (1, 1, 1, 7), (7,))
reshape("rank5", (1, 12), (1, 2, 1, 3, 2))
reshape("same_shape", (1, 2, 3), (1, 2, 3))
reshape("shape_as_option", (1, 6), (1, 2, 3), form="option")
reshape("shape_as_operand_and_option", (1, 6), (1, 3, 2), form="both")
reshape("batch2", (2, 2, 3), (2, 6))
reshape("deprecated_operator_code", (1, 2, 2, 3), (1, 12), deprecated_codes_only=True)


# QUANTIZE and DEQUANTIZE


def requantize(name, in_scale, in_zero_point, out_scale, out_zero_point):
    """QUANTIZE of all 256 values of int8."""
    single(
        "requantize",
        name,
        "quantize",
        dict(
            shape=(1, 256),
            scale=in_scale,
            zero_point=in_zero_point,
            data=np.arange(-128, 128).reshape(1, 1, 256),
        ),
        scale=out_scale,
        zero_point=out_zero_point,
    )


requantize("narrower", 0.05, -3, 0.11, 9)
requantize("wider", 0.05, -3, 0.021, 9)
requantize("same", 0.05, -3, 0.05, -3)
requantize("same_scale_other_zero_point", 0.05, -3, 0.05, 40)
requantize("half", 0.5, 0, 1.0, 0)
requantize("quarter_zero_points", 0.25, -5, 1.0, 3)
requantize("double", 1.0, 0, 0.5, 0)
requantize("zero_points_min", 0.05, -128, 0.06, -128)
requantize("zero_points_max", 0.05, 127, 0.06, 127)
requantize("tiny_ratio", 1e-4, 0, 10.0, 7)
requantize("ratio_below_2e-31", 1e-6, 0, 1e6, 7)
requantize("large_ratio", 10.0, 0, 1e-4, 7)
requantize("near_one", 0.1, 2, 0.1000001, 2)


def float_input(name, shape, scale, zero_point):
    def build(net):
        return [net.quantize(net.float_input(shape, scale, zero_point), scale, zero_point)]

    case(f"quantize/{name}", build)


float_input("plain", (1, 40), 0.05, -3)
float_input("power_of_two", (1, 40), 0.0625, 0)
float_input("image", (1, 5, 5, 3), 1 / 255, -128)
float_input("zero_point_max", (1, 40), 0.3, 127)
float_input("tiny_scale", (1, 40), 1e-6, 4)
float_input("large_scale", (1, 40), 250.0, -77)
float_input("third", (1, 40), 1 / 3, 1)


def float_output(name, shape, scale, zero_point):
    single(
        "dequantize",
        name,
        "dequantize",
        dict(
            shape=shape,
            scale=scale,
            zero_point=zero_point,
            data=np.resize(np.arange(-128, 128), (-(-256 // int(np.prod(shape))), *shape)),
        ),
    )


float_output("every_value", (1, 256), 0.05, -3)
float_output("power_of_two", (1, 256), 0.0625, 0)
float_output("third", (1, 256), 1 / 3, 127)
float_output("probabilities", (1, 256), 1 / 256, -128)
float_output("tiny_scale", (1, 256), 1e-30, 5)
float_output("image", (1, 4, 4, 3), 0.0237, 17)


# Several operators: planner, executor and model edges. Their inner tensors are recorded, too.


def float_edges(net):
    x = net.quantize(net.float_input((1, 6, 6, 2), 0.04, 8), 0.04, 8)
    x = net.conv2d(x, 5, (3, 3), padding="same", activation="relu")
    return [net.dequantize(x)]


def float_input_edge(net):
    x = net.quantize(net.float_input((1, 6, 6, 2), 1 / 255, -128), 1 / 255, -128)
    return [net.max_pool2d(x, (1, 1))]  # hands on what QUANTIZE made


def float_output_edge(net):
    return [net.dequantize(net.fully_connected(net.input((1, 20)), 16))]


def conv_then_pool(net):
    x = net.input((1, 8, 8, 3))
    x = net.conv2d(x, 6, (3, 3), padding="same", activation="relu", zero_point=-128)
    return [net.max_pool2d(x, (2, 2), (2, 2))]


def dense_softmax(net):
    x = net.fully_connected(net.input((1, 20)), 7, weight_scale=0.002)
    return [net.softmax(x)]


def residual_block(net):
    x = net.input((1, 6, 6, 8), zero_point=-128)
    y = net.conv2d(x, 8, (3, 3), padding="same", activation="relu", zero_point=-128)
    y = net.conv2d(y, 8, (3, 3), padding="same", zero_point=4)
    return [net.add(x, y, activation="relu", zero_point=-128)]


def residual_downsampling(net):
    x = net.input((1, 8, 8, 6), zero_point=-20)
    y = net.conv2d(x, 10, (3, 3), (2, 2), padding="same", activation="relu", zero_point=-128)
    y = net.conv2d(y, 10, (3, 3), padding="same")
    shortcut = net.conv2d(x, 10, (1, 1), (2, 2), padding="same")
    return [net.add(shortcut, y, activation="relu", zero_point=-128)]


def separable_classifier(net):
    x = net.input((1, 10, 8, 1), scale=0.02, zero_point=-128, rows=8)
    x = net.conv2d(x, 8, (4, 3), (2, 2), padding="same", activation="relu", zero_point=-128)
    x = net.depthwise_conv2d(x, (3, 3), padding="same", activation="relu", zero_point=-128)
    x = net.conv2d(x, 12, (1, 1), activation="relu", zero_point=-128)
    x = net.average_pool2d(x, (5, 4), (5, 4))
    x = net.reshape(x, (1, 12))
    x = net.fully_connected(x, 6, weight_scale=0.0004, zero_point=10)
    return [net.softmax(x)]


def residual_classifier(net):
    x = net.input((1, 8, 8, 2), scale=0.03, zero_point=0, rows=8)
    x = net.conv2d(x, 8, (3, 3), padding="same", activation="relu", zero_point=-128)
    for _ in range(2):
        y = net.depthwise_conv2d(x, (3, 3), padding="same", activation="relu", zero_point=-128)
        y = net.conv2d(y, 8, (1, 1), zero_point=-6)
        x = net.add(x, y, activation="relu", zero_point=-128)
    x = net.max_pool2d(x, (2, 2), (2, 2))
    x = net.average_pool2d(x, (4, 4), (4, 4))
    x = net.reshape(x, (1, -1))
    return [net.softmax(net.fully_connected(x, 5, per_tensor=False, weight_scale=0.0004))]


def autoencoder(net):
    x = net.input((1, 48), scale=0.08, zero_point=30)
    for units in (16, 16, 4, 16):
        x = net.fully_connected(x, units, activation="relu", zero_point=-128)
    return [net.fully_connected(x, 48)]


def two_outputs(net):
    x = net.conv2d(net.input((1, 6, 6, 3)), 6, (3, 3), activation="relu")
    return [net.max_pool2d(x, (2, 2), (2, 2)), net.average_pool2d(x, (4, 4), (4, 4))]


def two_inputs(net):
    a = net.conv2d(net.input((1, 6, 6, 3)), 6, (3, 3))
    b = net.fully_connected(net.input((1, 9)), 6)
    return [net.add(a, net.reshape(b, (1, 1, 1, 6)))]


def output_read_inside(net):
    x = net.conv2d(net.input((1, 5, 5, 3)), 6, (3, 3), activation="relu")
    return [x, net.average_pool2d(x, (3, 3), (3, 3))]


def input_read_late(net):
    x = net.input((1, 6, 6, 4))
    y = net.depthwise_conv2d(x, (3, 3), padding="same", activation="relu")
    y = net.conv2d(y, 4, (1, 1))
    y = net.add(y, x)
    return [net.add(net.max_pool2d(y, (3, 3), padding="same"), x)]


def branches_requantized(net):
    x = net.input((1, 5, 5, 4))
    a = net.quantize(x, 0.03, 11)
    b = net.quantize(net.average_pool2d(x, (3, 3), padding="same"), 0.07, -40)
    return [net.add(a, b)]


def reshape_chain(net):
    x = net.reshape(net.input((1, 4, 6)), (1, 24))
    x = net.reshape(x, (1, 2, 3, 4))
    x = net.conv2d(x, 4, (1, 1))
    return [net.reshape(x, (6, 4))]


def deprecated_codes(net):
    net.deprecated_codes_only = True
    x = net.conv2d(net.input((1, 4, 4, 2)), 4, (3, 3), activation="relu")
    return [net.fully_connected(net.reshape(x, (1, 16)), 3)]


for function in (
    float_edges,
    float_input_edge,
    float_output_edge,
    conv_then_pool,
    dense_softmax,
    residual_block,
    residual_downsampling,
    separable_classifier,
    residual_classifier,
    autoencoder,
    two_outputs,
    two_inputs,
    output_read_inside,
    input_read_late,
    branches_requantized,
    reshape_chain,
    deprecated_codes,
):
    case(f"graphs/{function.__name__}", function)
