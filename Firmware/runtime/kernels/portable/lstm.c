// SPDX-License-Identifier: Apache-2.0
#include "lstm.h"

#include <string.h>

#include "elements.h"
#include "shunt_kernel_checks.h"
#include "sigmoid.h"

enum {
    GATE_MULTIPLIER = 3 ///< From steps of 2^-12 to those of 1 / 12288.
};

/// One run of the kernel.
typedef struct lstm_run {
    const shunt_call_t *call;
    const shunt_lstm_params_t *params;
    lstm_multiply_t multiply;
    const uint16_t *table;
    uint32_t type;
} lstm_run_t;

/// One row of one sequence.
typedef struct lstm_row {
    const void *in;
    const void *hidden;
    int16_t *cells;
    void *out;
} lstm_row_t;

static int32_t clamp_s16(int32_t value) {
    return clamp(value, INT16_MIN, INT16_MAX);
}

/// A gate of a unit, before its activation, in steps of 1 / 12288.
static int32_t gate(const lstm_run_t *r, const lstm_row_t *row, uint32_t gate, uint32_t unit) {
    const shunt_lstm_params_t *p = r->params;
    const shunt_lstm_sum_t *sums = p->sums[gate];
    const int32_t sum = r->multiply(r->call, &sums[0], unit, row->in, p->inputs) +
                        r->multiply(r->call, &sums[1], unit, row->hidden, p->units);
    return clamp_s16(sum) * GATE_MULTIPLIER;
}

/// What a unit's cell becomes.
static int16_t updated_cell(const lstm_run_t *r, const lstm_row_t *row, uint32_t unit) {
    const shunt_lstm_params_t *p = r->params;
    const int32_t in = SHUNT_LOGISTIC_S16(r->table, gate(r, row, SHUNT_LSTM_INPUT, unit));
    const int32_t forget = SHUNT_LOGISTIC_S16(r->table, gate(r, row, SHUNT_LSTM_FORGET, unit));
    const int32_t candidate = SHUNT_TANH_S16(r->table, gate(r, row, SHUNT_LSTM_CANDIDATE, unit));
    const int32_t kept = clamp_s16(scale_value(forget * row->cells[unit], 1 << 30, -14));
    const int32_t added =
        clamp_s16(scale_value(in * candidate, p->update_multiplier, p->update_shift));
    return (int16_t)clamp(kept + added, p->cell_min, p->cell_max);
}

static void run_row(const lstm_run_t *r, const lstm_row_t *row) {
    const shunt_lstm_params_t *p = r->params;
    for (uint32_t unit = 0; unit < p->units; unit++) {
        const int16_t cell = updated_cell(r, row, unit);
        row->cells[unit] = cell;
        const int32_t argument = sigmoid_argument(cell, p->cell_multiplier, p->cell_shift);
        const int32_t out = SHUNT_LOGISTIC_S16(r->table, gate(r, row, SHUNT_LSTM_OUTPUT, unit));
        const int32_t scaled = scale_value(SHUNT_TANH_S16(r->table, argument) * out,
                                           p->output_multiplier, p->output_shift);
        element_store(
            row->out, r->type, unit,
            output_value(scaled, p->output_zero_point, element_min(r->type), element_max(r->type)));
    }
}

void SHUNT_RUN_LSTM(const shunt_call_t *call, lstm_multiply_t multiply) {
    const shunt_lstm_params_t *p = call->params;
    const lstm_run_t r = {call, p, multiply, shunt_constants(call, p->table),
                          shunt_operand(call, 0)->type};
    const uint8_t *in = shunt_operand_in(call, 0);
    uint8_t *out = shunt_operand_out(call, 0);
    const size_t in_bytes = (size_t)p->inputs * element_bytes(r.type);
    const size_t out_bytes = (size_t)p->units * element_bytes(r.type);
    for (uint32_t batch = 0; batch < p->batches; batch++) {
        uint8_t *hidden = (uint8_t *)shunt_operand_out(call, 1) + batch * out_bytes;
        int16_t *cells = (int16_t *)shunt_operand_out(call, 2) + (size_t)batch * p->units;
        for (uint32_t step = 0; step < p->steps; step++) {
            const size_t i = p->time_major != 0 ? (size_t)step * p->batches + batch
                                                : (size_t)batch * p->steps + step;
            const lstm_row_t row = {in + i * in_bytes, hidden, cells, out + i * out_bytes};
            run_row(&r, &row);
            // All gates see the state of the row before: the output is where the new one waits.
            memcpy(hidden, row.out, out_bytes);
        }
    }
}

static bool sizes_valid(const shunt_call_t *call, uint32_t element) {
    const shunt_lstm_params_t *p = call->params;
    const uint64_t rows = (uint64_t)p->batches * p->steps;
    return rows <= UINT32_MAX &&
           shunt_check_product((uint32_t)rows, p->inputs,
                               shunt_operand(call, 0)->bytes / element) &&
           shunt_check_product((uint32_t)rows, p->units, shunt_operand(call, 1)->bytes / element) &&
           shunt_check_product(p->batches, p->units, shunt_operand(call, 2)->bytes / element) &&
           shunt_check_product(p->batches, p->units, shunt_operand(call, 3)->bytes / 2);
}

static bool sums_valid(const shunt_call_t *call, lstm_sum_valid_t sum_valid) {
    const shunt_lstm_params_t *p = call->params;
    for (uint32_t i = 0; i < SHUNT_LSTM_GATES; i++) {
        if (!sum_valid(call, &p->sums[i][0], p->units, p->inputs) ||
            !sum_valid(call, &p->sums[i][1], p->units, p->units)) {
            return false;
        }
    }
    return true;
}

bool SHUNT_CHECK_LSTM(const shunt_call_t *call, uint32_t type, lstm_sum_valid_t sum_valid) {
    const shunt_lstm_params_t *p = call->params;
    return shunt_check_counts(call, 1, 3, sizeof *p) && shunt_check_type(call, 0, 3, type) &&
           shunt_check_type(call, 3, 1, SHUNT_TYPE_S16) && shunt_check_separate(call) &&
           sizes_valid(call, element_bytes(type)) && p->time_major <= 1 &&
           sigmoid_valid(call, p->table, p->cell_multiplier, p->cell_shift) &&
           shunt_check_clamp_s16(p->cell_min, p->cell_max) &&
           shunt_check_scale(p->update_multiplier, p->update_shift, -31, 30) &&
           shunt_check_scale(p->output_multiplier, p->output_shift, -31, 30) &&
           element_valid(p->output_zero_point, type) && p->reserved == 0 &&
           sums_valid(call, sum_valid);
}
