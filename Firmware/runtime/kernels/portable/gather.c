// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "shunt_kernel_checks.h"

static const uint32_t *table_of(const shunt_call_t *call, const shunt_gather_loop_t *loop) {
    return loop->table == 0 ? NULL : shunt_constants(call, loop->table);
}

/// Whether a loop is legal; its farthest read goes to `reach`.
static bool loop_valid(const shunt_call_t *call, const shunt_gather_loop_t *loop, uint64_t *reach) {
    *reach = 0;
    if (loop->count == 0) {
        return false;
    }
    if (loop->table == 0) {
        *reach = (uint64_t)(loop->count - 1) * loop->stride;
        return true;
    }
    if (loop->stride != 0 ||
        !shunt_constants_valid(call, loop->table, (uint64_t)loop->count * sizeof(uint32_t))) {
        return false;
    }
    const uint32_t *table = table_of(call, loop);
    for (uint32_t i = 0; i < loop->count; i++) {
        *reach = table[i] > *reach ? table[i] : *reach;
    }
    return true;
}

/// Whether all reads stay inside the input, and the writes are exactly the output.
static bool extents_valid(const shunt_call_t *call, const shunt_gather_params_t *p) {
    const uint32_t in_bytes = shunt_operand(call, 0)->bytes;
    const uint32_t out_bytes = shunt_operand(call, 1)->bytes;
    uint64_t end = p->run_bytes;
    uint64_t written = p->run_bytes;
    for (uint32_t i = 0; i < p->loops; i++) {
        // Cannot wrap: both stay below 2^32 from loop to loop, and a loop's reach is below 2^64 -
        // 2^33.
        uint64_t reach;
        if (!loop_valid(call, &p->loop[i], &reach)) {
            return false;
        }
        end += reach;
        written *= p->loop[i].count;
        if (end > in_bytes || written > out_bytes) {
            return false;
        }
    }
    return written == out_bytes;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_gather_params_t *p = call->params;
    const bool valid = shunt_check_counts(call, 1, 1, sizeof *p) && p->loops >= 1 &&
                       p->loops <= SHUNT_GATHER_LOOPS && p->run_bytes >= 1 &&
                       shunt_check_type(call, 0, 2, shunt_operand(call, 0)->type) &&
                       shunt_check_separate(call) && extents_valid(call, p);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static uint32_t position(const shunt_call_t *call, const shunt_gather_loop_t *loop,
                         uint32_t index) {
    const uint32_t *table = table_of(call, loop);
    return table == NULL ? index * loop->stride : table[index];
}

/// The innermost loop; returns the end of what it has written.
static uint8_t *gather_runs(const shunt_call_t *call, const shunt_gather_loop_t *loop,
                            const uint8_t *in, uint32_t bytes, uint8_t *out) {
    for (uint32_t i = 0; i < loop->count; i++) {
        const uint8_t *from = in + position(call, loop, i);
        if (bytes == 1) {
            *out = *from;
        } else {
            memcpy(out, from, bytes);
        }
        out += bytes;
    }
    return out;
}

/// Moves on all loops but the innermost one; false behind the last round.
static bool next(const shunt_gather_params_t *p, uint32_t index[SHUNT_GATHER_LOOPS]) {
    for (uint32_t i = p->loops - 1; i-- > 0;) {
        if (++index[i] < p->loop[i].count) {
            return true;
        }
        index[i] = 0;
    }
    return false;
}

static void run(const shunt_call_t *call) {
    const shunt_gather_params_t *p = call->params;
    const uint8_t *in = shunt_operand_in(call, 0);
    uint8_t *out = shunt_operand_out(call, 0);
    uint32_t index[SHUNT_GATHER_LOOPS] = {0};
    do {
        uint32_t start = 0;
        for (uint32_t i = 0; i + 1 < p->loops; i++) {
            start += position(call, &p->loop[i], index[i]);
        }
        out = gather_runs(call, &p->loop[p->loops - 1], in + start, p->run_bytes, out);
    } while (next(p, index));
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(gather) = {
    .id = SHUNT_KERNEL_GATHER,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "gather",
    .check = check,
    .run = run,
};
