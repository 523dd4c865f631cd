# SPDX-License-Identifier: Apache-2.0
"""Cases of what multiplies and accumulates: int16 activations, TRANSPOSE_CONV, BATCH_MATMUL."""

import numpy as np

from cases import case
from network_matrix import matrix

TYPES = {"s8": np.int8, "s16": np.int16}


def wide(op, name, build):
    """A case with int16 activations."""
    case(f"{op}_s16/{name}", matrix(np.int16, build))


def both(op, name, build):
    """A case for int8 and one for int16."""
    for suffix, dtype in TYPES.items():
        case(f"{op}/{name}_{suffix}", matrix(dtype, build))


# CONV_2D, int16

wide("conv_2d", "1x1", lambda m: m.conv2d(m.input((1, 5, 4, 8)), 6, (1, 1)))
wide("conv_2d", "3x3_valid", lambda m: m.conv2d(m.input((1, 6, 7, 3)), 5, (3, 3)))
wide(
    "conv_2d",
    "3x3_same",
    lambda m: m.conv2d(m.input((1, 6, 7, 3)), 5, (3, 3), padding="same", activation="relu"),
)
wide(
    "conv_2d",
    "stride_2x3",
    lambda m: m.conv2d(m.input((1, 9, 10, 2)), 4, (3, 3), stride=(2, 3), padding="same"),
)
wide(
    "conv_2d",
    "dilation",
    lambda m: m.conv2d(m.input((1, 9, 8, 2)), 4, (3, 2), dilation=(2, 3), padding="same"),
)
wide("conv_2d", "batch", lambda m: m.conv2d(m.input((3, 4, 4, 2)), 3, (2, 2), activation="relu6"))
wide(
    "conv_2d",
    "int32_bias",
    lambda m: m.conv2d(m.input((1, 5, 5, 3)), 4, (3, 3), bias_type=np.int32),
)
wide("conv_2d", "no_bias", lambda m: m.conv2d(m.input((1, 5, 5, 3)), 4, (3, 3), bias="none"))
wide("conv_2d", "saturating", lambda m: m.conv2d(m.input((1, 5, 5, 3)), 4, (3, 3), scale=2e-5))
wide("conv_2d", "vanishing", lambda m: m.conv2d(m.input((1, 5, 5, 3)), 4, (3, 3), scale=4.0))

# DEPTHWISE_CONV_2D, int16

wide("depthwise_conv_2d", "3x3", lambda m: m.depthwise_conv2d(m.input((1, 6, 7, 5)), (3, 3)))
wide(
    "depthwise_conv_2d",
    "same_stride2",
    lambda m: m.depthwise_conv2d(
        m.input((1, 7, 8, 4)), (3, 3), stride=(2, 2), padding="same", activation="relu"
    ),
)
wide(
    "depthwise_conv_2d",
    "multiplier3",
    lambda m: m.depthwise_conv2d(m.input((1, 5, 6, 2)), (2, 3), multiplier=3),
)
wide(
    "depthwise_conv_2d",
    "dilation",
    lambda m: m.depthwise_conv2d(m.input((1, 9, 9, 3)), (3, 3), dilation=(2, 2), padding="same"),
)

# FULLY_CONNECTED, int16

wide("fully_connected", "plain", lambda m: m.fully_connected(m.input((1, 33)), 7))
wide(
    "fully_connected",
    "relu_batch",
    lambda m: m.fully_connected(m.input((4, 16)), 9, activation="relu"),
)
wide("fully_connected", "no_bias", lambda m: m.fully_connected(m.input((1, 20)), 5, bias="none"))
wide("fully_connected", "long", lambda m: m.fully_connected(m.input((1, 500)), 3))
wide(
    "fully_connected",
    "per_channel",
    lambda m: m.fully_connected(m.input((2, 24)), 6, per_tensor=False),
)

# TRANSPOSE_CONV

both("transpose_conv", "1x1", lambda m: m.transpose_conv(m.input((1, 4, 5, 3)), 4, (1, 1)))
both(
    "transpose_conv",
    "2x2_stride2",
    lambda m: m.transpose_conv(m.input((1, 4, 5, 3)), 4, (2, 2), stride=(2, 2)),
)
both(
    "transpose_conv",
    "2x2_stride2_same",
    lambda m: m.transpose_conv(m.input((1, 4, 5, 3)), 4, (2, 2), stride=(2, 2), padding="same"),
)
both("transpose_conv", "3x3_valid", lambda m: m.transpose_conv(m.input((1, 4, 3, 2)), 3, (3, 3)))
both(
    "transpose_conv",
    "3x3_stride2_same",
    lambda m: m.transpose_conv(m.input((1, 5, 4, 3)), 5, (3, 3), stride=(2, 2), padding="same"),
)
both(
    "transpose_conv",
    "3x3_stride2_odd",
    lambda m: m.transpose_conv(
        m.input((1, 5, 4, 3)), 5, (3, 3), stride=(2, 2), padding="same", size=(9, 7)
    ),
)
both(
    "transpose_conv",
    "4x3_stride3x1",
    lambda m: m.transpose_conv(m.input((1, 3, 5, 2)), 3, (4, 3), stride=(3, 1)),
)
both(
    "transpose_conv",
    "stride_over_kernel",
    lambda m: m.transpose_conv(m.input((1, 3, 3, 2)), 2, (2, 2), stride=(3, 4), padding="same"),
)
both(
    "transpose_conv",
    "5x5_same",
    lambda m: m.transpose_conv(m.input((1, 3, 4, 2)), 2, (5, 5), padding="same"),
)
both(
    "transpose_conv",
    "batch",
    lambda m: m.transpose_conv(m.input((2, 3, 3, 2)), 3, (3, 3), stride=(2, 2), padding="same"),
)
both(
    "transpose_conv",
    "no_bias",
    lambda m: m.transpose_conv(
        m.input((1, 3, 3, 4)), 3, (3, 3), stride=(2, 2), padding="same", bias="none"
    ),
)
both(
    "transpose_conv",
    "per_tensor",
    lambda m: m.transpose_conv(m.input((1, 3, 3, 4)), 3, (3, 3), stride=(2, 2), per_tensor=True),
)
both(
    "transpose_conv",
    "relu",
    lambda m: m.transpose_conv(m.input((1, 4, 4, 3)), 3, (2, 2), stride=(2, 2), activation="relu"),
)
case(
    "transpose_conv/zero_point_max",
    matrix(
        np.int8,
        lambda m: m.transpose_conv(
            m.input((1, 4, 4, 3), zero_point=127), 3, (3, 3), stride=(2, 2), padding="same"
        ),
    ),
)
case(
    "transpose_conv/zero_point_min",
    matrix(
        np.int8,
        lambda m: m.transpose_conv(
            m.input((1, 4, 4, 3), zero_point=-128), 3, (3, 3), stride=(2, 2), padding="same"
        ),
    ),
)

# BATCH_MATMUL

both("batch_matmul", "plain", lambda m: m.batch_matmul(m.input((3, 5)), m.input((5, 4))))
both("batch_matmul", "batches", lambda m: m.batch_matmul(m.input((2, 3, 5)), m.input((2, 5, 4))))
both(
    "batch_matmul",
    "adjoint_a",
    lambda m: m.batch_matmul(m.input((2, 5, 3)), m.input((2, 5, 4)), adjoint_a=True),
)
both(
    "batch_matmul",
    "adjoint_b",
    lambda m: m.batch_matmul(m.input((2, 3, 5)), m.input((2, 4, 5)), adjoint_b=True),
)
both(
    "batch_matmul",
    "adjoint_both",
    lambda m: m.batch_matmul(m.input((5, 3)), m.input((4, 5)), adjoint_a=True, adjoint_b=True),
)
both(
    "batch_matmul",
    "broadcast_first",
    lambda m: m.batch_matmul(m.input((1, 3, 5)), m.input((4, 5, 2))),
)
both(
    "batch_matmul",
    "broadcast_second",
    lambda m: m.batch_matmul(m.input((2, 3, 2, 5)), m.input((5, 4))),
)
both(
    "batch_matmul",
    "four_dimensions",
    lambda m: m.batch_matmul(m.input((2, 3, 2, 5)), m.input((2, 3, 5, 4))),
)
both("batch_matmul", "one_row", lambda m: m.batch_matmul(m.input((1, 17)), m.input((17, 1))))
case(
    "batch_matmul/constant_second",
    matrix(np.int8, lambda m: m.batch_matmul(m.input((2, 3, 5)), m.constant((5, 4)))),
)
case(
    "batch_matmul/zero_points",
    matrix(
        np.int8,
        lambda m: m.batch_matmul(
            m.input((3, 5), zero_point=-128), m.input((5, 4), zero_point=127), zero_point=100
        ),
    ),
)
case(
    "batch_matmul/boundary",
    matrix(
        np.int8,
        lambda m: m.batch_matmul(
            m.input((8, 40), scale=0.0123), m.input((40, 8), scale=0.0457), scale=0.05
        ),
    ),
)
