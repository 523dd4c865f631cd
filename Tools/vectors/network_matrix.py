# SPDX-License-Identifier: Apache-2.0
"""What multiplies and accumulates beyond int8 convolutions: int16 activations, transposed
convolutions, products of two activations. The interpreter alone says what the values hold.
"""

import numpy as np

from network import Value, image_shape, set_window_options
from tflite_writer import ACTIVATIONS, ELEMENT_TYPES, PADDINGS, schema

ELEMENT_TYPES.setdefault(np.dtype(np.int16), schema.TensorType.INT16)
ELEMENT_TYPES.setdefault(np.dtype(np.int64), schema.TensorType.INT64)


class MatrixNetwork:
    """Builds such operators on a `Network`; activations are int16 where `dtype` says so."""

    def __init__(self, net, dtype=np.int8):
        self.net = net
        self.dtype = np.dtype(dtype)

    def input(self, shape, scale=None, zero_point=None, rows=4):
        """An input whose rows are all lowest, all highest, then random."""
        wide = self.dtype == np.int16
        scale = scale or (0.0002 if wide else 0.05)
        zero_point = zero_point if zero_point is not None else (0 if wide else -3)
        limits = np.iinfo(self.dtype)
        data = self.net.random.integers(limits.min, limits.max, (rows, *shape), endpoint=True)
        data[0] = limits.min
        data[1] = limits.max
        return self.net._add_input(shape, data.astype(self.dtype), scale, zero_point)

    def constant(self, shape, scale=0.05, zero_point=4):
        """A constant operand of the activations' type."""
        limits = np.iinfo(self.dtype)
        data = self.net.random.integers(limits.min, limits.max, shape).astype(self.dtype)
        index = self.net.builder.tensor("constant", shape, self.dtype, scale, zero_point, data=data)
        return Value(index, tuple(shape), scale, zero_point, np.empty(0, self.dtype))

    def conv2d(self, x, channels, kernel, groups=1, **rest):
        """CONV_2D."""
        shape = (channels, *kernel, x.shape[3] // groups)
        return self._window("CONV_2D", schema.Conv2DOptionsT(), x, shape, 0, channels, **rest)

    def depthwise_conv2d(self, x, kernel, multiplier=1, **rest):
        """DEPTHWISE_CONV_2D."""
        options = schema.DepthwiseConv2DOptionsT()
        options.depthMultiplier = multiplier
        channels = x.shape[3] * multiplier
        shape = (1, *kernel, channels)
        return self._window("DEPTHWISE_CONV_2D", options, x, shape, 3, channels, **rest)

    def fully_connected(self, x, units, activation="none", **quantities):
        """FULLY_CONNECTED over the last dimension."""
        options = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = ACTIVATIONS[activation]
        shape = (int(np.prod(x.shape)) // x.shape[-1], units)
        quantities.setdefault("per_tensor", True)
        return self._weighted(
            "FULLY_CONNECTED",
            options,
            "FullyConnectedOptions",
            [x],
            (units, x.shape[-1]),
            0,
            shape,
            4,
            **quantities,
        )

    def transpose_conv(
        self,
        x,
        channels,
        kernel,
        stride=(1, 1),
        padding="valid",
        activation="none",
        size=None,
        **quantities,
    ):
        """TRANSPOSE_CONV; `size` chooses among the outputs that belong to the input."""
        options = schema.TransposeConvOptionsT()
        options.padding = PADDINGS[padding]
        options.strideH, options.strideW = stride
        options.fusedActivationFunction = ACTIVATIONS[activation]
        if size is None:
            size = [
                n * s if padding == "same" else (n - 1) * s + k
                for n, s, k in zip(x.shape[1:3], stride, kernel)
            ]
        shape = (x.shape[0], *size, channels)
        data = np.array(shape, np.int32)
        given = self.net.builder.tensor("output_shape", data.shape, np.int32, data=data)
        weight_shape = (channels, *kernel, x.shape[3])
        return self._weighted(
            "TRANSPOSE_CONV",
            options,
            "TransposeConvOptions",
            [given, None, x],
            weight_shape,
            0,
            shape,
            3,
            **quantities,
        )

    def batch_matmul(self, a, b, adjoint_a=False, adjoint_b=False, scale=None, zero_point=None):
        """BATCH_MATMUL."""
        options = schema.BatchMatMulOptionsT()
        options.adjX, options.adjY = adjoint_a, adjoint_b
        rows = a.shape[-1] if adjoint_a else a.shape[-2]
        depth = a.shape[-2] if adjoint_a else a.shape[-1]
        columns = b.shape[-2] if adjoint_b else b.shape[-1]
        shape = (*np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), rows, columns)
        reach = 20000 if self.dtype == np.int16 else 70
        scale = scale or float(np.float32(a.scale * b.scale * reach * np.sqrt(depth)))
        zero_point = zero_point if zero_point is not None else self._zero_point()
        return self.net._append(
            "BATCH_MATMUL",
            [a, b],
            shape,
            scale,
            zero_point,
            np.empty(0, self.dtype),
            options,
            "BatchMatMulOptions",
            2,
        )

    # Helpers.

    def _zero_point(self):
        return 0 if self.dtype == np.int16 else -7

    def _window(
        self,
        operator,
        options,
        x,
        weight_shape,
        axis,
        channels,
        stride=(1, 1),
        dilation=(1, 1),
        padding="valid",
        activation="none",
        **quantities,
    ):
        set_window_options(options, stride, dilation, padding, activation)
        shape = image_shape(x.shape, channels, weight_shape[1:3], stride, dilation, padding)
        name = type(options).__name__.removesuffix("T")
        return self._weighted(
            operator, options, name, [x], weight_shape, axis, shape, 3, **quantities
        )

    def _weighted(
        self,
        operator,
        options,
        options_name,
        inputs,
        weight_shape,
        axis,
        shape,
        version,
        per_tensor=False,
        bias="random",
        bias_type=None,
        scale=None,
        zero_point=None,
        weight_scale=0.01,
    ):
        """An operator with weights; in `inputs`, None or the end is the place of the weights."""
        random = self.net.random
        x = next(value for value in inputs if isinstance(value, Value))
        channels = weight_shape[axis]
        scales = self.net._weight_scales(channels, per_tensor, weight_scale, 4.0)
        kernel = random.integers(-127, 128, weight_shape).astype(np.int8)
        terms = kernel.size // channels
        wide = self.dtype == np.int16
        spread = (18000 if wide else 75) * 73 * np.sqrt(terms)
        steps = 9000 if wide else 50
        if scale is None:
            scale = float(np.float32(np.mean(scales) * x.scale * spread / steps))
        zero_point = zero_point if zero_point is not None else self._zero_point()
        weights = self.net._weight_tensor(kernel, scales, axis)
        operands = [weights if value is None else value for value in inputs]
        if None not in inputs:
            operands.append(weights)
        if bias != "none":
            bias_type = np.dtype(bias_type or (np.int64 if wide else np.int32))
            data = random.integers(-int(spread), int(spread) + 1, channels).astype(bias_type)
            bias_scales = np.float32(x.scale) * np.asarray(scales, np.float32)
            operands.append(
                self.net.builder.tensor(
                    f"bias{len(self.net.values)}",
                    data.shape,
                    bias_type,
                    bias_scales,
                    0,
                    0,
                    data=data,
                )
            )
        return self.net._append(
            operator,
            operands,
            shape,
            scale,
            zero_point,
            np.empty(0, self.dtype),
            options,
            options_name,
            version,
        )


def matrix(dtype, build):
    """A case's function: `build` takes a `MatrixNetwork` and returns a value."""
    return lambda net: [build(MatrixNetwork(net, dtype))]
