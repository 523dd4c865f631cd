# SPDX-License-Identifier: Apache-2.0
"""Cases of operators that run over sequences: `lstm/...`, `lstm_16/...`, `svdf/...`.

Rows follow each other without a reset, so that the states of one are those that the next starts from.
"""

import numpy as np

from cases import case
from network_sequence import lstm, svdf


def lstm_case(name, shape, units, rows=5, x_scale=0.05, x_zero_point=-3, **options):
    def build(net):
        x = net.input(shape, x_scale, x_zero_point, rows=rows)
        return [lstm(net, x, units, **options)]

    case(f"lstm/{name}", build)


def input16(net, shape, scale=0.0003, rows=5):
    data = net.random.integers(-32768, 32768, (rows, *shape)).astype(np.int16)
    data[0], data[1] = -32768, 32767
    return net._add_input(shape, data, scale, 0)


def lstm16_case(name, shape, units, rows=5, x_scale=0.0003, **options):
    def build(net):
        x = input16(net, shape, x_scale, rows)
        return [lstm(net, x, units, scale=2.0**-15, **options)]

    case(f"lstm_16/{name}", build)


lstm_case("one", (1, 1, 1), 1, rows=12)
lstm_case("small", (1, 4, 3), 5, rows=8)
lstm_case("tails", (1, 7, 13), 11)
lstm_case("long", (1, 40, 2), 3)
lstm_case("many_inputs", (1, 3, 65), 4)
lstm_case("batches", (3, 4, 5), 6)
lstm_case("time_major", (4, 1, 5), 6, time_major=True)
lstm_case("time_major_batches", (4, 3, 5), 6, time_major=True)
lstm_case("one_step_many_rows", (1, 1, 6), 7, rows=40)
lstm_case("zero_points", (1, 5, 4), 6, x_zero_point=127, zero_point=-128, scale=1 / 200)
lstm_case("zero_point_max", (2, 5, 4), 6, x_zero_point=-128, zero_point=127, scale=1 / 300)
lstm_case("clip", (1, 8, 4), 6, clip=0.5, bias_reach=6)
lstm_case("clip_ten", (1, 8, 4), 6, clip=10.0, cell_exponent=-11)
lstm_case("clip_beyond", (1, 8, 4), 6, clip=1000.0, cell_exponent=-12)
lstm_case("clip_all", (1, 8, 4), 6, clip=0.0001, cell_exponent=-11)
lstm_case("cell_saturates", (1, 30, 2), 6, cell_exponent=-14, bias_reach=12)
lstm_case("cell_coarse", (1, 8, 4), 6, cell_exponent=-8)
lstm_case("cell_very_coarse", (1, 8, 4), 6, cell_exponent=-1)
lstm_case("cell_q3_12", (1, 8, 4), 6, cell_exponent=-12)
lstm_case("cell_fine", (1, 8, 4), 6, cell_exponent=-15)
lstm_case("gates_saturate", (1, 6, 9), 6, weight_scale=2.0, bias_reach=3000.0)
lstm_case("gates_narrow", (1, 6, 9), 6, weight_scale=1e-5, bias_reach=0.01)
lstm_case("large_biases", (1, 6, 3), 8, weight_scale=1e-9, bias_reach=0.05)
lstm_case("output_saturates", (1, 6, 4), 6, scale=1 / 2000, bias_reach=6)
lstm_case("flat_state", (1, 4, 3), 5, flat_state=True)
lstm_case("cell_not_power_of_two", (1, 6, 4), 6, cell_exponent=-10.7)

lstm16_case("small", (1, 4, 3), 5, rows=8)
lstm16_case("tails", (1, 7, 13), 11)
lstm16_case("batches", (3, 4, 5), 6)
lstm16_case("time_major", (4, 3, 5), 6, time_major=True)
lstm16_case("clip", (1, 8, 4), 6, clip=0.5, bias_reach=6)
lstm16_case("large_biases", (1, 6, 3), 8, weight_scale=1e-9, bias_reach=0.02)
lstm16_case("gates_saturate", (1, 6, 9), 6, weight_scale=2.0, bias_reach=300.0)


def stacked(net):
    x = net.input((1, 6, 5), rows=6)
    first = lstm(net, x, 7, zero_point=-1)
    second = lstm(net, first, 4, bias_reach=2, zero_point=3)
    return [net.fully_connected(net.reshape(second, (1, 24)), 5)]


case("lstm/stacked", stacked)


def sequence_is_output(net):
    x = net.input((1, 6, 5), rows=6)
    first = lstm(net, x, 7)
    return [first, net.fully_connected(net.reshape(first, (1, 42)), 3)]


case("lstm/sequence_is_output", sequence_is_output)


def svdf_case(name, shape, units, rank, memory, rows=12, x_zero_point=-3, **options):
    def build(net):
        x = net.input(shape, 0.05, x_zero_point, rows=rows)
        return [svdf(net, x, units, rank, memory, **options)]

    case(f"svdf/{name}", build)


svdf_case("small", (1, 5), 4, 1, 3)
svdf_case("rank_two", (1, 7), 6, 2, 5)
svdf_case("rank_five", (1, 3), 2, 5, 4)
svdf_case("batches", (3, 5), 4, 2, 3)
svdf_case("memory_one", (1, 5), 4, 2, 1)
svdf_case("long_memory", (1, 4), 3, 1, 31, rows=40)
svdf_case("relu", (1, 5), 4, 1, 3, activation="relu", zero_point=-128)
svdf_case("relu_without_room", (1, 5), 4, 1, 3, activation="relu", zero_point=-5)
svdf_case("state_saturates", (1, 9), 4, 2, 3, state_scale=0.00005)
svdf_case("zero_points", (1, 5), 4, 1, 3, x_zero_point=127, zero_point=-128)
svdf_case("output_saturates", (1, 5), 4, 2, 3, scale=0.001)
svdf_case("int8_state", (1, 5), 4, 1, 3, state_type=np.int8, state_scale=0.05)
svdf_case("int8_state_rank_two", (2, 7), 6, 2, 5, state_type=np.int8, state_scale=0.05)
svdf_case(
    "int8_state_zero_point",
    (1, 5),
    4,
    2,
    4,
    state_type=np.int8,
    state_scale=0.05,
    state_zero_point=-7,
)
svdf_case(
    "int8_state_saturates",
    (1, 9),
    4,
    2,
    4,
    state_type=np.int8,
    state_scale=0.005,
    state_zero_point=21,
)
svdf_case("int16_state_zero_point", (1, 5), 4, 2, 4, state_scale=0.001, state_zero_point=100)


def svdf_chain(net):
    x = net.input((1, 8), rows=20)
    first = svdf(net, x, 6, 2, 4, scale=0.06)
    second = svdf(net, first, 4, 1, 6, scale=0.06)
    return [net.fully_connected(second, 3)]


case("svdf/chain", svdf_chain)
