# SPDX-License-Identifier: Apache-2.0
"""Builds a small int8 network and computes, beside it, what each tensor should hold.

Each method of `Network` appends one operator to the model and returns its output as a `Value`,
which carries the integers that `integer_reference` expects for every input row. Scales that a
case does not state are chosen so that outputs use most of int8 without saturating everywhere.
All random choices are seeded by the case's id.
"""

import dataclasses
import zlib

import numpy as np

import integer_reference as reference
from tflite_writer import ACTIVATIONS, PADDINGS, ModelBuilder, schema

# Effective scale of layers whose biases put accumulators on rounding boundaries: large
# accumulators make the last bits of the multiplier visible.
BOUNDARY_SCALE = 2.0**-21.5

# The part of int8 that automatically chosen output scales let one standard deviation cover.
DEVIATION_STEPS = 50


@dataclasses.dataclass
class Value:
    """A tensor of the model and its expected contents, [rows, *shape]."""

    index: int
    shape: tuple
    scale: float | None
    zero_point: int
    rows: np.ndarray


class Network:
    """A model under construction."""

    def __init__(self, case_id):
        self.random = np.random.default_rng(zlib.crc32(case_id.encode()))
        self.builder = ModelBuilder(f"Shunt operator vector {case_id}")
        self.inputs = []
        self.values = []
        self.deprecated_codes_only = False

    # Model edges.

    def input(self, shape, scale=0.05, zero_point=-3, rows=6, data=None, reach=255):
        """An int8 input. Without `data`, rows are all lowest, all highest, then random.

        `reach` limits how far values lie from the zero point.
        """
        if data is None:
            low, high = max(-128, zero_point - reach), min(127, zero_point + reach)
            data = self.random.integers(low, high + 1, (rows, *shape))
            data[0] = low
            data[1] = high
        return self._add_input(shape, np.asarray(data, np.int8), scale, zero_point)

    def float_input(self, shape, scale, zero_point, rows=6):
        """A float32 input that covers int8 of the given quantization, its edges and halves."""
        steps = self.random.uniform(-140, 140, (rows, *shape))
        steps[1::2] = np.round(steps[1::2]) + 0.5
        steps[0] = np.resize([-128, 127, 0, -128.5, 127.5, -1000, 1000, 0.49999997], shape)
        data = ((steps - zero_point) * scale).astype(np.float32)
        return self._add_input(shape, data, None, 0)

    def model(self, outputs):
        """The model file's bytes."""
        return self.builder.serialize(
            [value.index for value in self.inputs],
            [value.index for value in outputs],
            self.deprecated_codes_only,
        )

    # Operators with weights.

    def conv2d(
        self,
        x,
        channels,
        kernel,
        stride=(1, 1),
        dilation=(1, 1),
        padding="valid",
        activation="none",
        groups=1,
        **quantities,
    ):
        """CONV_2D; `quantities` are those of `_weighted`."""
        depth = x.shape[3] // groups
        options = schema.Conv2DOptionsT()
        set_window_options(options, stride, dilation, padding, activation)
        shape = image_shape(x.shape, channels, kernel, stride, dilation, padding)

        def accumulate(weights, bias):
            return reference.conv2d(
                merged(x.rows),
                weights,
                bias,
                x.zero_point,
                stride,
                dilation,
                padding,
                merged_shape(x, shape),
            )

        return self._weighted(
            "CONV_2D",
            options,
            "Conv2DOptions",
            x,
            (channels, *kernel, depth),
            0,
            shape,
            accumulate,
            activation,
            **quantities,
        )

    def depthwise_conv2d(
        self,
        x,
        kernel,
        multiplier=1,
        stride=(1, 1),
        dilation=(1, 1),
        padding="valid",
        activation="none",
        **quantities,
    ):
        """DEPTHWISE_CONV_2D; `quantities` are those of `_weighted`."""
        channels = x.shape[3] * multiplier
        options = schema.DepthwiseConv2DOptionsT()
        set_window_options(options, stride, dilation, padding, activation)
        options.depthMultiplier = multiplier
        shape = image_shape(x.shape, channels, kernel, stride, dilation, padding)

        def accumulate(weights, bias):
            return reference.depthwise_conv2d(
                merged(x.rows),
                weights,
                bias,
                x.zero_point,
                stride,
                dilation,
                padding,
                merged_shape(x, shape),
            )

        return self._weighted(
            "DEPTHWISE_CONV_2D",
            options,
            "DepthwiseConv2DOptions",
            x,
            (1, *kernel, channels),
            3,
            shape,
            accumulate,
            activation,
            **quantities,
        )

    def fully_connected(self, x, units, activation="none", keep_dimensions=False, **quantities):
        """FULLY_CONNECTED over the last dimension (or the whole image); see `_weighted`."""
        depth = x.shape[-1] if keep_dimensions or len(x.shape) == 2 else int(np.prod(x.shape[1:]))
        options = schema.FullyConnectedOptionsT()
        options.fusedActivationFunction = ACTIVATIONS[activation]
        options.keepNumDims = keep_dimensions
        lead = x.shape[:-1] if keep_dimensions else (int(np.prod(x.shape)) // depth,)
        per_tensor = quantities.pop("per_tensor", True)

        def accumulate(weights, bias):
            return reference.fully_connected(x.rows, weights, bias, x.zero_point)

        return self._weighted(
            "FULLY_CONNECTED",
            options,
            "FullyConnectedOptions",
            x,
            (units, depth),
            0,
            (*lead, units),
            accumulate,
            activation,
            per_tensor=per_tensor,
            **quantities,
        )

    # Operators without weights.

    def add(self, a, b, activation="none", scale=None, zero_point=5):
        """ADD with broadcasting. `b` may be a constant made by `constant`."""
        shape = np.broadcast_shapes(a.shape, b.shape)
        scale = scale or float(np.float32(np.hypot(a.scale, b.scale)))
        options = schema.AddOptionsT()
        options.fusedActivationFunction = ACTIVATIONS[activation]
        limits = reference.activation_range(activation, scale, zero_point)
        operands = [(broadcast_rank(v, len(shape)), v.scale, v.zero_point) for v in (a, b)]
        rows = reference.add(*operands, (scale, zero_point), limits)
        return self._append("ADD", [a, b], shape, scale, zero_point, rows, options, "AddOptions")

    def constant(self, shape, scale, zero_point):
        """An int8 constant operand."""
        data = self.random.integers(-128, 128, shape).astype(np.int8)
        index = self.builder.tensor("constant", shape, np.int8, scale, zero_point, data=data)
        return Value(index, tuple(shape), scale, zero_point, data[np.newaxis])

    def average_pool2d(self, x, window, stride=(1, 1), padding="valid", activation="none"):
        """AVERAGE_POOL_2D, which keeps the quantization."""
        return self._pool(
            "AVERAGE_POOL_2D", reference.average_pool2d, x, window, stride, padding, activation
        )

    def max_pool2d(self, x, window, stride=(1, 1), padding="valid", activation="none"):
        """MAX_POOL_2D, which keeps the quantization."""
        return self._pool(
            "MAX_POOL_2D", reference.max_pool2d, x, window, stride, padding, activation
        )

    def softmax(self, x, beta=1.0):
        """SOFTMAX over the last dimension."""
        options = schema.SoftmaxOptionsT()
        options.beta = beta
        rows = reference.softmax(x.rows, x.scale, beta)
        return self._append("SOFTMAX", [x], x.shape, 1 / 256, -128, rows, options, "SoftmaxOptions")

    def reshape(self, x, shape, form="operand"):
        """RESHAPE; `form` says where the new shape stands: `operand`, `option` or `both`."""
        resolved = x.rows[0].reshape(shape).shape
        options = schema.ReshapeOptionsT()
        if form in ("option", "both"):
            options.newShape = list(shape)
        operands = [x.index]
        if form in ("operand", "both"):
            data = np.array(shape, np.int32)
            operands.append(self.builder.tensor("shape", data.shape, np.int32, data=data))
        rows = x.rows.reshape(len(x.rows), *resolved)
        return self._append(
            "RESHAPE", operands, resolved, x.scale, x.zero_point, rows, options, "ReshapeOptions"
        )

    def quantize(self, x, scale, zero_point):
        """QUANTIZE from float32, or from int8 of another quantization."""
        if x.scale is None:
            rows = reference.quantize(x.rows, scale, zero_point)
        else:
            rows = reference.requantize(x.rows, x.scale, x.zero_point, scale, zero_point)
        options = schema.QuantizeOptionsT()
        return self._append(
            "QUANTIZE", [x], x.shape, scale, zero_point, rows, options, "QuantizeOptions"
        )

    def dequantize(self, x):
        """DEQUANTIZE to float32."""
        rows = reference.dequantize(x.rows, x.scale, x.zero_point)
        options = schema.DequantizeOptionsT()
        return self._append(
            "DEQUANTIZE", [x], x.shape, None, 0, rows, options, "DequantizeOptions", version=2
        )

    # Helpers.

    def _add_input(self, shape, data, scale, zero_point):
        name = f"input{len(self.inputs)}"
        index = self.builder.tensor(name, shape, data.dtype, scale, zero_point)
        value = Value(index, tuple(shape), scale, zero_point, data)
        self.inputs.append(value)
        return value

    def _append(
        self, operator, inputs, shape, scale, zero_point, rows, options, options_name, version=1
    ):
        name = f"{operator.lower()}{len(self.values)}"
        index = self.builder.tensor(name, shape, rows.dtype, scale, zero_point)
        operands = [i.index if isinstance(i, Value) else i for i in inputs]
        self.builder.operator(operator, operands, [index], options, options_name, version)
        value = Value(index, tuple(shape), scale, zero_point, rows)
        self.values.append(value)
        return value

    def _pool(self, operator, compute, x, window, stride, padding, activation):
        options = schema.Pool2DOptionsT()
        options.padding = PADDINGS[padding]
        options.strideH, options.strideW = stride
        options.filterHeight, options.filterWidth = window
        options.fusedActivationFunction = ACTIVATIONS[activation]
        shape = image_shape(x.shape, x.shape[3], window, stride, (1, 1), padding)
        limits = reference.activation_range(activation, x.scale, x.zero_point)
        rows = compute(merged(x.rows), window, stride, padding, limits, merged_shape(x, shape))
        rows = rows.reshape(len(x.rows), *shape)
        return self._append(
            operator, [x], shape, x.scale, x.zero_point, rows, options, "Pool2DOptions"
        )

    def _weighted(
        self,
        operator,
        options,
        options_name,
        x,
        weight_shape,
        axis,
        shape,
        accumulate,
        activation,
        per_tensor=False,
        weight_scale=0.01,
        weight_spread=4.0,
        weights=None,
        weight_reach=127,
        weight_bits=8,
        weight_group=None,
        bias="random",
        scale=None,
        zero_point=-7,
    ):
        """An operator with weights and a bias.

        `weight_spread` is the ratio of the largest to the smallest scale of the channels; `bias`
        is `random`, `none`, `omitted` (as operand -1), `large` or `boundary`; weights lie within
        `weight_reach`, or are all `weights`; `scale` None chooses one. With `weight_bits` 4 they are
        of type int4; with `weight_group` n they are multiples of -8 ... 7, by a factor that n
        neighbours of an output channel share.
        """
        channels = weight_shape[axis]
        scales = self._weight_scales(channels, per_tensor, weight_scale, weight_spread)
        kernel = self.random.integers(-weight_reach, weight_reach + 1, weight_shape).astype(np.int8)
        if weight_bits == 4 or weight_group is not None:
            kernel = self._four_bit_weights(weight_shape, weight_group)
        if weights is not None:
            kernel[...] = weights
        sums = accumulate(kernel, None)
        if scale is None:
            scale = chosen_scale(sums, scales, x.scale, bias)
        factors = reference.effective_scales(x.scale, scales, scale, channels)
        constant = self._bias(bias, sums, factors, zero_point)
        accumulators = sums if constant is None else accumulate(kernel, constant)
        limits = reference.activation_range(activation, scale, zero_point)
        rows = reference.finish(accumulators, factors, zero_point, limits)
        operands = [x, self._weight_tensor(kernel, scales, axis, weight_bits)]
        if constant is not None:
            operands.append(self._bias_tensor(constant, x.scale, scales))
        elif bias == "omitted":
            operands.append(-1)
        rows = rows.reshape(len(x.rows), *shape)
        version = 3 if operator != "FULLY_CONNECTED" else 4
        return self._append(
            operator, operands, shape, scale, zero_point, rows, options, options_name, version
        )

    def _weight_scales(self, channels, per_tensor, scale, spread):
        if per_tensor:
            return float(np.float32(scale))
        exponents = self.random.uniform(-0.5, 0.5, channels)
        return (scale * spread**exponents).astype(np.float32)

    def _four_bit_weights(self, shape, group):
        weights = self.random.integers(-8, 8, (shape[0], int(np.prod(shape[1:]))))
        for start in range(0, weights.shape[1], group or weights.shape[1]):
            factors = self.random.integers(1, 16, (shape[0], 1)) if group else 1
            weights[:, start : start + (group or weights.shape[1])] *= factors
        return weights.reshape(shape).astype(np.int8)

    def _bias(self, kind, sums, factors, zero_point):
        channels = len(factors)
        if kind in ("none", "omitted"):
            return None
        if kind == "large":
            return np.resize([2**30, -(2**30), 2**30 - 1, 12345], channels).astype(np.int32)
        if kind == "boundary":
            return self._boundary_bias(sums.reshape(-1, channels), factors, zero_point)
        reach = max(1, int(np.std(sums)))
        return self.random.integers(-reach, reach + 1, channels).astype(np.int32)

    def _boundary_bias(self, sums, factors, zero_point):
        """Biases that put one accumulator of each channel at, or one beside, a half step."""
        bias = []
        for channel, factor in enumerate(factors):
            half_step = int(self.random.integers(-120, 120)) + 0.5 - zero_point
            target = int(np.floor(half_step / factor)) + channel % 3
            bias.append(target - int(sums[channel % len(sums), channel]))
        return np.array(bias, np.int32)

    def _weight_tensor(self, kernel, scales, axis, bits=8):
        name = f"weights{len(self.values)}"
        zero_point, dimension = 0, axis if np.ndim(scales) > 0 else None
        return self.builder.tensor(
            name, kernel.shape, np.int8, scales, zero_point, dimension, data=kernel, bits=bits
        )

    def _bias_tensor(self, bias, in_scale, scales):
        name = f"bias{len(self.values)}"
        scales = np.float32(in_scale) * np.asarray(scales, np.float32)
        return self.builder.tensor(name, bias.shape, np.int32, scales, 0, 0, data=bias)


def chosen_scale(sums, weight_scales, in_scale, bias):
    """An output scale that fits the spread of the accumulators."""
    mean = float(np.mean(weight_scales)) * in_scale
    if bias == "boundary":
        return float(np.float32(mean / BOUNDARY_SCALE))
    return float(np.float32(max(float(np.std(sums)), 1.0) * mean / DEVIATION_STEPS))


def set_window_options(options, stride, dilation, padding, activation):
    """Fills what CONV_2D and DEPTHWISE_CONV_2D have in common."""
    options.padding = PADDINGS[padding]
    options.strideH, options.strideW = stride
    options.dilationHFactor, options.dilationWFactor = dilation
    options.fusedActivationFunction = ACTIVATIONS[activation]


def image_shape(shape, channels, kernel, stride, dilation, padding):
    """Shape [n, h, w, c] of a window operator's output."""
    size = [
        reference.output_size(*along, padding)
        for along in zip(shape[1:3], kernel, stride, dilation)
    ]
    return (shape[0], *size, channels)


def merged(rows):
    """Rows [r, n, h, w, c] as one batch."""
    return rows.reshape(-1, *rows.shape[2:])


def merged_shape(x, shape):
    """Output shape of all rows of `x` as one batch."""
    return (len(x.rows) * shape[0], *shape[1:])


def broadcast_rank(value, rank):
    """Rows of `value` with ones in front of its shape, up to `rank` dimensions."""
    ones = (1,) * (rank - len(value.shape))
    return value.rows.reshape(len(value.rows), *ones, *value.shape)
