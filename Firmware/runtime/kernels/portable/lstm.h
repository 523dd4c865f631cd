// SPDX-License-Identifier: Apache-2.0
//
// What LSTMs of all element types have in common.
#ifndef SHUNT_PORTABLE_LSTM_H
#define SHUNT_PORTABLE_LSTM_H

#include "shunt_kernel.h"
#include "shunt_params.h"

/// Multiplies row `unit` of a gate's matrix with `columns` elements of `in`; the result has 12
/// fractional bits and fits int16.
typedef int32_t (*lstm_multiply_t)(const shunt_call_t *call, const shunt_lstm_sum_t *sum,
                                   uint32_t unit, const void *in, uint32_t columns);

/// Whether the constants of a matrix of `units` rows and `columns` are valid.
typedef bool (*lstm_sum_valid_t)(const shunt_call_t *call, const shunt_lstm_sum_t *sum,
                                 uint32_t units, uint32_t columns);

#define SHUNT_CHECK_LSTM SHUNT_KERNEL_SYMBOL(check_lstm)
#define SHUNT_RUN_LSTM SHUNT_KERNEL_SYMBOL(run_lstm)

/// Whether a step of an LSTM with activations of type `type` (int8 or int16) is valid.
bool SHUNT_CHECK_LSTM(const shunt_call_t *call, uint32_t type, lstm_sum_valid_t sum_valid);

/// Runs all sequences.
void SHUNT_RUN_LSTM(const shunt_call_t *call, lstm_multiply_t multiply);

#endif
