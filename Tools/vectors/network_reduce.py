# SPDX-License-Identifier: Apache-2.0
"""Appends operators that make few numbers of many, or mix neighbours, to a `Network`.

Their arithmetic has no second opinion here: the interpreter's outputs are the expectation.
"""

import numpy as np

from network import image_shape
from tflite_writer import ACTIVATIONS, ELEMENT_TYPES, PADDINGS, schema

ELEMENT_TYPES.update(
    {
        np.dtype(np.int16): schema.TensorType.INT16,
        np.dtype(np.uint8): schema.TensorType.UINT8,
        np.dtype(np.int64): schema.TensorType.INT64,
    }
)


def integer_input(net, shape, dtype, scale=0.05, zero_point=0, rows=5, spread=1.0):
    """An input of any integer type: lowest, highest, then random rows over `spread` of the range."""
    limits = np.iinfo(dtype)
    low, high = int(limits.min * spread), int(limits.max * spread)
    data = net.random.integers(low, high + 1, (rows, *shape))
    data[0], data[1] = low, high
    return net._add_input(shape, data.astype(dtype), scale, zero_point)


def append(net, operator, inputs, shape, dtype, scale, zero_point, options=None, name=None):
    """An operator whose output only the interpreter knows."""
    unknown = np.empty(0, dtype)
    return net._append(operator, inputs, shape, scale, zero_point, unknown, options, name)


def constant(net, values):
    """An int32 constant; a number makes a scalar."""
    data = np.array(values, np.int32)
    flat = np.atleast_1d(data)
    name = f"constant{len(net.values)}"
    index = net.builder.tensor(name, flat.shape, np.int32, data=flat)
    net.builder.tensors[index].shape = list(data.shape)
    return index


def reduce(net, x, operator, axes, keep, scale, zero_point):
    """MEAN, SUM, REDUCE_MAX or REDUCE_MIN."""
    rank = len(x.shape)
    listed = {a % rank for a in np.atleast_1d(axes)} if rank else set()
    shape = [1 if i in listed else d for i, d in enumerate(x.shape) if keep or i not in listed]
    options = schema.ReducerOptionsT()
    options.keepDims = keep
    inputs = [x, constant(net, axes)]
    scale = x.scale if scale is None else scale
    zero_point = x.zero_point if zero_point is None else zero_point
    return append(
        net, operator, inputs, shape, x.rows.dtype, scale, zero_point, options, "ReducerOptions"
    )


def arg(net, x, operator, axis):
    """ARG_MAX or ARG_MIN."""
    shape = [d for i, d in enumerate(x.shape) if i != axis % len(x.shape)]
    kind = "ArgMaxOptions" if operator == "ARG_MAX" else "ArgMinOptions"
    options = getattr(schema, kind + "T")()
    options.outputType = schema.TensorType.INT32
    return append(net, operator, [x, constant(net, axis)], shape, np.int32, None, 0, options, kind)


def l2_normalization(net, x):
    """L2_NORMALIZATION."""
    options = schema.L2NormOptionsT()
    return append(
        net, "L2_NORMALIZATION", [x], x.shape, np.int8, 1 / 128, 0, options, "L2NormOptions"
    )


def resize_bilinear(net, x, size, align=False, half=False):
    """RESIZE_BILINEAR."""
    options = schema.ResizeBilinearOptionsT()
    options.alignCorners, options.halfPixelCenters = align, half
    shape = (x.shape[0], *size, x.shape[3])
    return append(
        net,
        "RESIZE_BILINEAR",
        [x, constant(net, size)],
        shape,
        np.int8,
        x.scale,
        x.zero_point,
        options,
        "ResizeBilinearOptions",
    )


def log_softmax(net, x):
    """LOG_SOFTMAX of int8 or, behind a DEQUANTIZE, of float32."""
    options = schema.LogSoftmaxOptionsT()
    scale, zero_point = (None, 0) if x.scale is None else (1 / 16, 127)
    dtype = x.rows.dtype
    return append(
        net, "LOG_SOFTMAX", [x], x.shape, dtype, scale, zero_point, options, "LogSoftmaxOptions"
    )


def softmax(net, x, dtype, beta=1.0):
    """SOFTMAX with an output of `dtype`."""
    options = schema.SoftmaxOptionsT()
    options.beta = beta
    scale, zero_point = None, 0
    if dtype == np.int16:
        is_wide = x.rows.dtype == np.int16
        scale, zero_point = (1 / 32768, 0) if is_wide else (1 / 65536, -32768)
    return append(net, "SOFTMAX", [x], x.shape, dtype, scale, zero_point, options, "SoftmaxOptions")


def logistic(net, x):
    """LOGISTIC of float32."""
    return append(net, "LOGISTIC", [x], x.shape, np.float32, None, 0)


def float_reshape(net, x, shape):
    """RESHAPE of float32."""
    options = schema.ReshapeOptionsT()
    options.newShape = list(shape)
    inputs = [x, constant(net, shape)]
    return append(net, "RESHAPE", inputs, shape, np.float32, None, 0, options, "ReshapeOptions")


def dequantize(net, x):
    """DEQUANTIZE of any integer type."""
    options = schema.DequantizeOptionsT()
    return append(
        net, "DEQUANTIZE", [x], x.shape, np.float32, None, 0, options, "DequantizeOptions"
    )


def quantize(net, x, dtype, scale, zero_point):
    """QUANTIZE from float32 to any integer type."""
    options = schema.QuantizeOptionsT()
    return append(
        net, "QUANTIZE", [x], x.shape, dtype, scale, zero_point, options, "QuantizeOptions"
    )


def pool(net, x, operator, window, stride=(1, 1), padding="valid", activation="none", scale=None):
    """AVERAGE_POOL_2D or MAX_POOL_2D of int8 or int16, perhaps with another output scale."""
    options = schema.Pool2DOptionsT()
    options.padding = PADDINGS[padding]
    options.strideH, options.strideW = stride
    options.filterHeight, options.filterWidth = window
    options.fusedActivationFunction = ACTIVATIONS[activation]
    shape = image_shape(x.shape, x.shape[3], window, stride, (1, 1), padding)
    scale = x.scale if scale is None else scale
    return append(
        net, operator, [x], shape, x.rows.dtype, scale, x.zero_point, options, "Pool2DOptions"
    )


def cumsum(net, x, axis, exclusive, reverse, scale, zero_point):
    """CUMSUM."""
    options = schema.CumsumOptionsT()
    options.exclusive, options.reverse = exclusive, reverse
    inputs = [x, constant(net, axis)]
    return append(
        net, "CUMSUM", inputs, x.shape, np.int8, scale, zero_point, options, "CumsumOptions"
    )
