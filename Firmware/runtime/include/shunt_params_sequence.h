// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels that run over sequences and keep state (ids 90 ... 99). Included from
// shunt_params.h.
#ifndef SHUNT_PARAMS_SEQUENCE_H
#define SHUNT_PARAMS_SEQUENCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A matrix of an LSTM's gate, one row a unit, times the input or the hidden state, brought to
/// steps of 2^-12. Zero points are folded into the biases, as in shunt_channel_t.
typedef struct shunt_lstm_sum {
    uint32_t weights;   ///< Blob offset of int8 [units, columns].
    uint32_t biases;    ///< Blob offset of int32 (lstm_s16: int64, within 2^46) [units]; 0: none.
    int32_t multiplier; ///< lstm_s8: Q31, as in shunt_channel_t. lstm_s16: 0 ... 32767.
    int32_t shift;      ///< lstm_s8: -31 ... 30. lstm_s16: -31 ... 14.
} shunt_lstm_sum_t;

/// Gates of an LSTM, in the order of shunt_lstm_params_t.gates.
enum {
    SHUNT_LSTM_INPUT = 0,
    SHUNT_LSTM_FORGET = 1,
    SHUNT_LSTM_CANDIDATE = 2,
    SHUNT_LSTM_OUTPUT = 3,
    SHUNT_LSTM_GATES = 4
};

/// lstm_s8, lstm_s16: outputs are the sequence, the hidden state of the same type and the cells'
/// state of type int16, which are read, too.
typedef struct shunt_lstm_params {
    uint32_t batches;            ///< Sequences.
    uint32_t steps;              ///< Rows of a sequence.
    uint32_t inputs;             ///< Columns of the input.
    uint32_t units;              ///< Columns of the output and of both states.
    uint32_t time_major;         ///< 1: rows of all sequences of one time lie together; else 0.
    uint32_t table;              ///< As in shunt_sigmoid_params_t.
    int32_t cell_multiplier;     ///< 0 ... 32767: x = (cell * multiplier + half) >> shift
    int32_t cell_shift;          ///< 0 ... 31
    int32_t cell_min;            ///< -32768 ... cell_max
    int32_t cell_max;            ///< cell_min ... 32767
    int32_t update_multiplier;   ///< Q31 of input gate times candidate.
    int32_t update_shift;        ///< -31 ... 30
    int32_t output_multiplier;   ///< Q31 of output gate times tanh of the cell.
    int32_t output_shift;        ///< -31 ... 30
    int32_t output_zero_point;   ///< Within the type's range.
    uint32_t reserved;           ///< 0
    shunt_lstm_sum_t sums[4][2]; ///< Per gate: of the input, of the hidden state.
} shunt_lstm_params_t;

/// svdf_s8: input and output int8; the second output is the state, int8 or int16, which is read,
/// too.
typedef struct shunt_svdf_params {
    uint32_t batches;  ///< Rows of input and output.
    uint32_t inputs;   ///< Columns of the input.
    uint32_t units;    ///< Columns of the output.
    uint32_t rank;     ///< Filters of a unit, at least 1.
    uint32_t memory;   ///< Elements that the state keeps of a filter, at least 1.
    uint32_t features; ///< Blob offset of int8 weights [units * rank, inputs].
    uint32_t times;    ///< Blob offset of weights [units * rank, memory], of the state's type.
    uint32_t feature_biases;    ///< Blob offset of int32 [units * rank]; 0: none.
    uint32_t biases;            ///< Blob offset of int32 [units]; 0: none.
    int32_t feature_multiplier; ///< Q31, as in shunt_channel_t.
    int32_t feature_shift;      ///< -31 ... 30
    int32_t state_zero_point;   ///< Within the state's range.
    int32_t output_multiplier;  ///< Q31, as in shunt_channel_t.
    int32_t output_shift;       ///< -31 ... 30
    int32_t output_zero_point;  ///< -128 ... 127
    uint32_t reserved;          ///< 0
} shunt_svdf_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_lstm_sum_t) == 16, "layout");
_Static_assert(sizeof(shunt_lstm_params_t) == 192, "layout");
_Static_assert(sizeof(shunt_svdf_params_t) == 64, "layout");
#endif

#ifdef __cplusplus
}
#endif

#endif
