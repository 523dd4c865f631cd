# SPDX-License-Identifier: Apache-2.0
"""Cases of weights of four bits: of type int4, or int8 multiples of four bits, group by group."""

from cases import image, single, vector


def layer(op, method, name, given, **rest):
    """A case with weights of type int4, and one with int8 weights in groups."""
    group = rest.pop("group", 32)
    single(f"{op}_s4", name, method, given, weight_bits=4, **rest)
    if group:
        single(f"{op}_s4", f"{name}_group{group}", method, given, weight_group=group, **rest)


def conv(name, given, channels, kernel, **rest):
    layer("conv_2d", "conv2d", name, given, channels=channels, kernel=kernel, **rest)


def depthwise(name, given, kernel, **rest):
    layer("depthwise_conv_2d", "depthwise_conv2d", name, given, kernel=kernel, group=None, **rest)


def dense(name, given, units, **rest):
    layer("fully_connected", "fully_connected", name, given, units=units, **rest)


conv("1x1", image(5, 4, 32), 8, (1, 1), group=16)
conv("1x1_stride2", image(7, 6, 37), 7, (1, 1), stride=(2, 2), activation="relu")
conv("3x3_same", image(6, 7, 5), 9, (3, 3), padding="same", activation="relu")
conv("3x3_valid_stride2", image(8, 9, 7), 6, (3, 3), stride=(2, 2), group=64)
conv("dilation", image(8, 9, 3), 6, (3, 3), dilation=(2, 1), padding="same", group=16)
conv("per_tensor", image(5, 5, 8), 6, (3, 3), per_tensor=True, activation="relu6", scale=0.01)
conv("batch3", image(5, 4, 6, batch=3, rows=4), 4, (3, 3), padding="same")
conv("no_bias", image(5, 5, 4), 8, (2, 3), bias="none", group=16)
conv("kernel_over_image_same", image(2, 3, 4), 4, (5, 5), padding="same")
conv("input_zero_point_min", image(5, 5, 3, zero_point=-128), 6, (3, 3), padding="same", group=16)
depthwise("3x3_same", image(6, 7, 8), (3, 3), padding="same", activation="relu")
depthwise("multiplier3_odd", image(5, 6, 3), (3, 3), multiplier=3)
dense("plain", vector(64), 10)
dense("odd", vector(37), 13, activation="relu", group=16)
dense("wide", vector(257), 9, group=64)
dense("batch4", vector(40, batch=4), 6)
dense("no_bias", vector(48), 8, bias="none")
dense("minus_eight", vector(48), 8, weights=-8, group=None)
# The reference takes scales per channel for int8 only.
single(
    "fully_connected_s4",
    "per_channel_group32",
    "fully_connected",
    vector(50),
    units=12,
    weight_group=32,
    per_tensor=False,
)
