# SPDX-License-Identifier: Apache-2.0
"""TFLite's int8 arithmetic in plain numpy, written from its specification.

The vectors come from the tflite-micro interpreter; this second opinion makes sure that the
interpreter ran what the case meant, and that no intermediate left 32 bits (where the
interpreter's result would be an accident of its compiler). Slow and simple on purpose.
"""

import math

import numpy as np

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


class Overflow(Exception):
    """An intermediate value does not fit into 32 bits."""


def fits_int32(values):
    """Returns `values` as int64 after checking that each fits into 32 bits."""
    values = np.asarray(values, np.int64)
    if values.size and (values.min() < INT32_MIN or values.max() > INT32_MAX):
        raise Overflow(f"range {values.min()} to {values.max()}")
    return values


def round_half_away(x):
    """Rounds a float to the nearest integer, halves away from zero."""
    return int(math.floor(abs(x) + 0.5)) * (1 if x >= 0 else -1)


def quantized_multiplier(scale):
    """Splits a positive scale into a Q31 mantissa and a power of two."""
    if scale == 0:
        return 0, 0
    fraction, shift = math.frexp(scale)
    mantissa = round_half_away(fraction * 2**31)
    if mantissa == 2**31:
        mantissa //= 2
        shift += 1
    if shift < -31:
        return 0, 0
    return mantissa, shift


def doubling_high_multiply(a, b):
    """The high half of 2ab, rounded to nearest, halves up."""
    product = a * b
    nudge = np.where(product >= 0, 2**30, 1 - 2**30)
    total = product + nudge
    return np.where(total >= 0, total >> 31, -((-total) >> 31))  # division truncates


def rounding_shift_right(x, shift):
    """x / 2^shift rounded to nearest, halves away from zero."""
    mask = (1 << shift) - 1
    remainder = x & mask
    threshold = (mask >> 1) + (x < 0)
    return (x >> shift) + (remainder > threshold)


def rescale(x, mantissa, shift):
    """x times mantissa times 2^(shift - 31) with gemmlowp's two roundings."""
    x = fits_int32(fits_int32(x) << max(shift, 0))
    return rounding_shift_right(doubling_high_multiply(x, mantissa), max(-shift, 0))


def activation_range(activation, scale, zero_point):
    """The interval of int8 to which a fused activation limits outputs."""
    scale = np.float32(scale)
    quantize = lambda real: zero_point + round_half_away(float(np.float32(real) / scale))
    low, high = {
        "none": (-128, 127),
        "relu": (quantize(0), 127),
        "relu6": (quantize(0), quantize(6)),
        "relu_n1_to_1": (quantize(-1), quantize(1)),
    }[activation]
    return max(-128, low), min(127, high)


def effective_scales(in_scale, weight_scales, out_scale, channels):
    """Effective scale of each output channel, multiplied and divided in double.

    `weight_scales` is one number or one per channel. (LiteRT multiplies the scales of a
    FULLY_CONNECTED per tensor in single precision; tflite-micro does not.)
    """
    scales = np.broadcast_to(np.asarray(weight_scales, np.float32), (channels,))
    return [float(np.float32(in_scale)) * float(s) / float(np.float32(out_scale)) for s in scales]


def finish(accumulator, scales, zero_point, limits):
    """Requantizes int64 accumulators [..., channels] to int8."""
    accumulator = fits_int32(accumulator)
    result = np.empty_like(accumulator)
    for channel, scale in enumerate(scales):
        rescaled = rescale(accumulator[..., channel], *quantized_multiplier(scale))
        result[..., channel] = fits_int32(rescaled + zero_point)
    return np.clip(result, *limits).astype(np.int8)


def output_size(size, kernel, stride, dilation, padding):
    """Elements along one dimension of a window operator's output."""
    reach = (kernel - 1) * dilation + 1
    if padding == "same":
        return -(-size // stride)
    return (size - reach) // stride + 1


def padding_before(size, kernel, stride, dilation, padding):
    """Rows or columns of padding before the image; the odd one comes after it."""
    if padding == "valid":
        return 0
    reach = (kernel - 1) * dilation + 1
    last = (output_size(size, kernel, stride, dilation, padding) - 1) * stride
    return max(0, last + reach - size) // 2


def windows(image, kernel, stride, dilation, padding):
    """Yields (y, x, taps) for each output position of image [n, h, w, c].

    `taps` lists (ky, kx, pixels [n, c]) of the kernel elements that lie inside the image.
    """
    _, height, width, _ = image.shape
    sizes = (height, width)
    outputs = [output_size(*a, padding) for a in zip(sizes, kernel, stride, dilation)]
    before = [padding_before(*a, padding) for a in zip(sizes, kernel, stride, dilation)]
    for y in range(outputs[0]):
        for x in range(outputs[1]):
            taps = []
            for ky in range(kernel[0]):
                for kx in range(kernel[1]):
                    iy = y * stride[0] - before[0] + ky * dilation[0]
                    ix = x * stride[1] - before[1] + kx * dilation[1]
                    if 0 <= iy < height and 0 <= ix < width:
                        taps.append((ky, kx, image[:, iy, ix, :]))
            yield y, x, taps


def conv2d(image, weights, bias, in_zero_point, stride, dilation, padding, out_shape):
    """Accumulators of a convolution; weights [c_out, kh, kw, c_in / groups]."""
    image = image.astype(np.int64) - in_zero_point
    weights = weights.astype(np.int64)
    channels, kernel_height, kernel_width, depth = weights.shape
    per_group = channels * depth // image.shape[3]
    result = np.zeros(out_shape, np.int64)
    kernel = (kernel_height, kernel_width)
    for y, x, taps in windows(image, kernel, stride, dilation, padding):
        for ky, kx, pixels in taps:
            for channel in range(channels):
                first = channel // per_group * depth
                taken = pixels[:, first : first + depth]
                result[:, y, x, channel] += taken @ weights[channel, ky, kx]
    return result + (0 if bias is None else bias.astype(np.int64))


def depthwise_conv2d(image, weights, bias, in_zero_point, stride, dilation, padding, out_shape):
    """Accumulators of a depthwise convolution; weights [1, kh, kw, c_out]."""
    image = image.astype(np.int64) - in_zero_point
    weights = weights.astype(np.int64)
    _, kernel_height, kernel_width, channels = weights.shape
    multiplier = channels // image.shape[3]
    result = np.zeros(out_shape, np.int64)
    kernel = (kernel_height, kernel_width)
    for y, x, taps in windows(image, kernel, stride, dilation, padding):
        for ky, kx, pixels in taps:
            result[:, y, x, :] += np.repeat(pixels, multiplier, axis=1) * weights[0, ky, kx]
    return result + (0 if bias is None else bias.astype(np.int64))


def fully_connected(rows, weights, bias, in_zero_point):
    """Accumulators of a fully connected layer; weights [m, k], rows of any rank."""
    rows = rows.reshape(-1, weights.shape[1]).astype(np.int64) - in_zero_point
    return rows @ weights.astype(np.int64).T + (0 if bias is None else bias.astype(np.int64))


def average_pool2d(image, window, stride, padding, limits, out_shape):
    """Means of the elements inside the image, halves rounded away from zero."""
    result = np.zeros(out_shape, np.int64)
    for y, x, taps in windows(image.astype(np.int64), window, stride, (1, 1), padding):
        total = sum(pixels for _, _, pixels in taps)
        count = len(taps)
        magnitude = (np.abs(total) + count // 2) // count
        result[:, y, x, :] = np.where(total > 0, magnitude, -magnitude)
    return np.clip(result, *limits).astype(np.int8)


def max_pool2d(image, window, stride, padding, limits, out_shape):
    """Largest elements inside the image."""
    result = np.zeros(out_shape, np.int64)
    for y, x, taps in windows(image.astype(np.int64), window, stride, (1, 1), padding):
        result[:, y, x, :] = np.max([pixels for _, _, pixels in taps], axis=0)
    return np.clip(result, *limits).astype(np.int8)


ADD_LEFT_SHIFT = 20


def add(a, b, out, limits):
    """Sum of two (values, scale, zero point) with numpy broadcasting; `out` is (scale, zero)."""
    scales = [float(np.float32(s)) for s in (a[1], b[1], out[0])]
    common = 2 * max(scales[:2])
    operands = []
    for (values, _, zero_point), scale in zip((a, b), scales):
        shifted = (values.astype(np.int64) - zero_point) << ADD_LEFT_SHIFT
        operands.append(rescale(shifted, *quantized_multiplier(scale / common)))
    total = fits_int32(operands[0] + operands[1])
    scale = common / ((1 << ADD_LEFT_SHIFT) * scales[2])
    result = rescale(total, *quantized_multiplier(scale)) + out[1]
    return np.clip(result, *limits).astype(np.int8)


def requantize(values, in_scale, in_zero_point, out_scale, out_zero_point):
    """int8 to int8 with another scale and zero point."""
    scale = float(np.float32(in_scale)) / float(np.float32(out_scale))
    centred = values.astype(np.int64) - in_zero_point
    result = rescale(centred, *quantized_multiplier(scale)) + out_zero_point
    return np.clip(result, -128, 127).astype(np.int8)


def quantize(values, scale, zero_point):
    """float32 to int8; the quotient is taken in single precision, halves rounded away."""
    quotient = (values / np.float32(scale)).astype(np.float64)
    rounded = np.where(quotient >= 0, np.floor(quotient + 0.5), np.ceil(quotient - 0.5))
    return np.clip(rounded + zero_point, -128, 127).astype(np.int8)


def dequantize(values, scale, zero_point):
    """int8 to float32."""
    return (values.astype(np.float32) - np.float32(zero_point)) * np.float32(scale)


# Softmax works on fixed-point numbers with these integer bits (the rest of 31 are fraction).
SOFTMAX_DIFFERENCE_BITS = 5
SOFTMAX_SUM_BITS = 12


def softmax(values, scale, beta):
    """Softmax over the last dimension of int8; output scale 1/256, zero point -128."""
    limit = float(2**31 - 1)
    real = float(np.float32(beta)) * float(np.float32(scale)) * 2 ** (31 - SOFTMAX_DIFFERENCE_BITS)
    mantissa, shift = quantized_multiplier(min(real, limit))
    radius = ((1 << SOFTMAX_DIFFERENCE_BITS) - 1) * 2.0 ** (31 - SOFTMAX_DIFFERENCE_BITS - shift)
    smallest = -int(math.floor(radius))
    rows = values.reshape(-1, values.shape[-1]).astype(np.int64)
    result = np.stack([softmax_row(row, mantissa, shift, smallest) for row in rows])
    return result.reshape(values.shape).astype(np.int8)


def softmax_row(row, mantissa, shift, smallest):
    """One row of `softmax`."""
    differences = row - row.max()
    counts = differences >= smallest
    scaled = rescale(np.where(counts, differences, 0), mantissa, shift)
    exponentials = np.where(counts, exp_of_negative(scaled), 0)
    total = int(fits_int32(np.sum(rounding_shift_right(exponentials, SOFTMAX_SUM_BITS))))
    reciprocal, bits_over_unit = reciprocal_of(total)
    product = doubling_high_multiply(np.int64(reciprocal), exponentials)
    output = rounding_shift_right(product, bits_over_unit + 31 - 8)
    return np.where(counts, np.clip(output - 128, -128, 127), -128)


def exp_of_negative(x):
    """exp(x / 2^26) in Q31 for x <= 0, by a polynomial on (-1/4, 0] and a barrel of constants."""
    quarter = 1 << 24
    remainder = (x & (quarter - 1)) - quarter
    result = exp_on_last_quarter(remainder << SOFTMAX_DIFFERENCE_BITS)
    remainder = remainder - x
    for exponent in range(-2, SOFTMAX_DIFFERENCE_BITS):
        factor = np.int64(round_half_away(math.exp(-(2.0**exponent)) * 2**31))
        chosen = (remainder & (1 << (26 + exponent))) != 0
        result = np.where(chosen, doubling_high_multiply(result, factor), result)
    return np.where(x == 0, INT32_MAX, result)


def exp_on_last_quarter(a):
    """exp(a / 2^31) in Q31 for a in -2^29 ... 0: a Taylor polynomial of degree 4 about -1/8."""
    centre = np.int64(round_half_away(math.exp(-0.125) * 2**31))
    third = np.int64(round_half_away(2**31 / 3))
    x = a + (1 << 28)
    x2 = doubling_high_multiply(x, x)
    x3 = doubling_high_multiply(x2, x)
    x4_over_4 = rounding_shift_right(doubling_high_multiply(x2, x2), 2)
    tail = doubling_high_multiply(x4_over_4 + x3, third) + x2
    return centre + doubling_high_multiply(centre, x + rounding_shift_right(tail, 1))


def reciprocal_of(total):
    """1 / total of a sum in Q19 as (Q31 mantissa, power of two)."""
    leading_zeros = 32 - total.bit_length()
    bits_over_unit = SOFTMAX_SUM_BITS - leading_zeros
    shifted = np.int64((total << leading_zeros) - (1 << 31))
    return one_over_one_plus(shifted), bits_over_unit


def one_over_one_plus(a):
    """1 / (1 + a / 2^31) in Q31 for a in 0 ... 2^31 - 1, by three Newton-Raphson steps."""
    half = int(a) + INT32_MAX
    half_denominator = np.int64((half + (1 if half >= 0 else -1)) // 2)
    constant_48_over_17 = np.int64(round_half_away(48 / 17 * 2**29))
    constant_minus_32_over_17 = np.int64(round_half_away(-32 / 17 * 2**29))
    x = constant_48_over_17 + doubling_high_multiply(half_denominator, constant_minus_32_over_17)
    for _ in range(3):
        product = doubling_high_multiply(half_denominator, x)
        missing = (1 << 29) - product
        step = doubling_high_multiply(x, missing)
        x = x + np.clip(step << 2, INT32_MIN, INT32_MAX)
    return np.clip(x << 1, INT32_MIN, INT32_MAX)
