# SPDX-License-Identifier: Apache-2.0
"""Networks of operators that run over sequences: LSTM and SVDF, with the states that they keep.

A state is a variable tensor: what it holds depends on all rows before.
"""

import numpy as np

import integer_reference as reference
from tflite_writer import schema

GATES = ("input", "forget", "cell", "output")
TANH = schema.ActivationFunctionType.TANH


# LSTM.


def lstm(
    net,
    x,
    units,
    time_major=False,
    clip=0.0,
    cell_exponent=-11,
    scale=1 / 128,
    zero_point=0,
    weight_scale=0.02,
    bias_reach=3.0,
    flat_state=False,
    inputs_listed=24,
):
    """UNIDIRECTIONAL_SEQUENCE_LSTM over `x`, [batch, time, depth] or [time, batch, depth].

    `bias_reach` limits biases, as reals; `flat_state` gives states without a batch dimension.
    """
    wide = x.rows.dtype == np.int16
    batches, depth = x.shape[1 if time_major else 0], x.shape[2]
    matrices = {}

    def matrix(kind, gate, columns):
        data = net.random.integers(-127, 128, (units, columns)).astype(np.int8)
        own = np.float32(weight_scale * net.random.uniform(0.5, 2))
        matrices[kind, gate] = (data, own)
        return net.builder.tensor(f"{kind}/{gate}", data.shape, np.int8, own, 0, data=data)

    def bias(gate):
        own = np.float32(x.scale) * matrices["input", gate][1]
        limit = int(bias_reach / own)
        data = net.random.integers(-limit, limit + 1, units)
        data = data.astype(np.int64 if wide else np.int32)
        matrices["bias", gate] = data
        return net.builder.tensor(f"bias/{gate}", data.shape, data.dtype, own, 0, data=data)

    weights = [matrix("input", gate, depth) for gate in GATES]
    weights += [matrix("recurrent", gate, units) for gate in GATES]
    biases = [bias(gate) for gate in GATES]
    state_shape = (1, units) if flat_state else (batches, units)
    cell_scale = 2.0**cell_exponent
    hidden = net.builder.variable("hidden", state_shape, x.rows.dtype, scale, zero_point)
    cell = net.builder.variable("cell", state_shape, np.int16, cell_scale, 0)
    operands = [x.index, *weights, -1, -1, -1, *biases, -1, -1, hidden, cell]
    operands += [-1] * (inputs_listed - len(operands))
    options = schema.UnidirectionalSequenceLSTMOptionsT()
    options.fusedActivationFunction = TANH
    options.cellClip = clip
    options.timeMajor = time_major
    rows = lstm_rows(x, matrices, units, time_major, clip, cell_scale, scale, zero_point)
    value = net._append(
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        operands,
        (*x.shape[:2], units),
        float(np.float32(scale)),
        zero_point,
        rows,
        options,
        "UnidirectionalSequenceLSTMOptions",
    )
    net.builder.operators[-1].intermediates = [
        net.builder.tensor(f"intermediate{i}", (0,), np.float32) for i in range(4)
    ] + [net.builder.tensor("intermediate4", (0,), x.rows.dtype, scale, zero_point)]
    return value


def lstm_rows(x, matrices, units, time_major, clip, cell_scale, scale, zero_point):
    """Outputs of all rows, one after the other with the states that the one before has left."""
    batches = x.shape[1 if time_major else 0]
    hidden = np.full((batches, units), zero_point, np.int64)
    cell = np.zeros((batches, units), np.int64)
    factors = {
        key: np.float64(np.float32(x.scale if key[0] == "input" else scale) * value[1]) * 4096.0
        for key, value in matrices.items()
        if key[0] != "bias"
    }
    wide = x.rows.dtype == np.int16
    limits = np.iinfo(x.rows.dtype)
    exponent = int(np.round(np.log2(cell_scale)))
    update_factor = 2.0**-30 / float(np.float32(cell_scale))
    output_factor = 2.0**-30 / float(np.float32(scale))
    results = []
    for row in x.rows:
        sequence = row.astype(np.int64) if time_major else row.astype(np.int64).swapaxes(0, 1)
        outputs = []
        for step in sequence:

            def gate(name):
                parts = [(step - x.zero_point, "input"), (hidden - zero_point, "recurrent")]
                total = 0
                for values, kind in parts:
                    sums = values @ matrices[kind, name][0].astype(np.int64).T
                    if kind == "input":
                        sums = sums + matrices["bias", name]
                    total = total + clamp16(scaled(sums, factors[kind, name], wide))
                return clamp16(total)

            kept = clamp16(scaled(logistic16(gate("forget") * 3) * cell, 2.0**-15, False))
            added = logistic16(gate("input") * 3) * tanh16(gate("cell") * 3)
            out = logistic16(gate("output") * 3)
            cell = clamp16(kept + clamp16(scaled(added, update_factor, False)))
            if clip > 0:
                limit = int(min(np.float64(np.float32(clip)) / np.float32(cell_scale), 32767))
                cell = np.clip(cell, -limit, limit)
            shift = 12 + exponent
            x3 = cell * (3 << shift) if shift >= 0 else (cell * 3 + (1 << (-shift - 1))) >> -shift
            hidden = scaled(tanh16(x3) * out, output_factor, False) + zero_point
            hidden = np.clip(hidden, limits.min, limits.max)
            outputs.append(hidden)
        stacked = np.stack(outputs)
        results.append(stacked if time_major else stacked.swapaxes(0, 1))
    return np.stack(results).astype(x.rows.dtype)


def clamp16(values):
    return np.clip(values, -32768, 32767)


def scaled(values, factor, wide):
    """values * factor; `wide` is the rounding of 64-bit sums."""
    mantissa, shift = reference.quantize_multiplier(float(factor))
    if not wide:
        return np.asarray(reference.multiply(np.asarray(values), mantissa, shift), np.int64)
    multiplier = (mantissa + (1 << 15)) >> 16 if mantissa < 0x7FFF0000 else 0x7FFF
    right = 15 - shift
    return (values * multiplier + (1 << (right - 1))) >> right


TABLE = None


def table():
    """2^16 times the logistic function in steps of 1 / 24, as the reference has it."""
    global TABLE
    if TABLE is None:
        up = {4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39}
        up |= {40, 41, 43, 44, 45, 46, 49, 50, 54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116}
        up |= {135, 255}
        index = np.arange(256)
        TABLE = np.round(65536 / (1 + np.exp(-index / 24))).astype(np.int64)
        TABLE += np.isin(index, sorted(up))
    return TABLE


def interpolated(x, bits, saturated):
    magnitude = np.abs(x)
    index = np.minimum(magnitude >> bits, 254)
    fraction = magnitude & ((1 << bits) - 1)
    value = (table()[index] << bits) + fraction * (table()[index + 1] - table()[index])
    return np.where(magnitude >> bits >= 255, saturated, value)


def logistic16(x):
    value = interpolated(x, 9, 32767 << 10)
    return np.where(x >= 0, value + 512, (1 << 25) - value + 511) >> 10


def tanh16(x):
    value = interpolated(x, 8, 65535 << 8) - (1 << 23)
    return np.where(x >= 0, value + 128, 127 - value) >> 8


# SVDF.


def svdf(
    net,
    x,
    units,
    rank,
    memory,
    state_type=np.int16,
    state_scale=0.001,
    state_zero_point=0,
    activation="none",
    scale=0.05,
    zero_point=-5,
    weight_scale=0.01,
    time_scale=None,
    bias=2.0,
):
    """SVDF over rows `x` [batch, depth]; `bias` limits biases, as reals."""
    batches, depth = x.shape
    filters = units * rank
    if time_scale is None:
        time_scale = 0.0001 if state_type == np.int16 else 0.01
    features = net.random.integers(-127, 128, (filters, depth)).astype(np.int8)
    limits = np.iinfo(state_type)
    times = net.random.integers(-limits.max, limits.max + 1, (filters, memory)).astype(state_type)
    bias_scale = np.float32(state_scale) * np.float32(time_scale)
    reach = int(min(bias / bias_scale, 2**30))
    offsets = net.random.integers(-reach, reach + 1, units).astype(np.int32)
    operands = [
        x.index,
        net.builder.tensor("features", features.shape, np.int8, weight_scale, 0, data=features),
        net.builder.tensor("times", times.shape, state_type, time_scale, 0, data=times),
        net.builder.tensor("bias", offsets.shape, np.int32, bias_scale, 0, data=offsets),
        net.builder.variable(
            "state", (batches, filters * memory), state_type, state_scale, state_zero_point
        ),
    ]
    options = schema.SVDFOptionsT()
    options.rank = rank
    options.fusedActivationFunction = getattr(schema.ActivationFunctionType, activation.upper())
    f32 = np.float32
    feature_factor = f32(x.scale) * f32(weight_scale) / f32(state_scale)
    output_factor = f32(state_scale) * f32(time_scale) / f32(scale)
    start = state_zero_point if state_type == np.int8 else 0
    state = np.full((batches, filters, memory), start, np.int64)
    results = []
    for row in x.rows:
        sums = (row.astype(np.int64) - x.zero_point) @ features.astype(np.int64).T
        newest = scaled(sums, feature_factor, False) + state_zero_point
        newest = np.clip(newest, limits.min, limits.max)
        state = np.concatenate([state[:, :, 1:], newest[:, :, np.newaxis]], 2)
        weighed = ((state - state_zero_point) * times.astype(np.int64)).sum(2)
        total = weighed.reshape(batches, units, rank).sum(2) + offsets
        total = (total + 2**31) % 2**32 - 2**31
        results.append(np.clip(scaled(total, output_factor, False) + zero_point, -128, 127))
    rows = np.stack(results).astype(np.int8)
    return net._append(
        "SVDF", operands, (batches, units), scale, zero_point, rows, options, "SVDFOptions", 3
    )
