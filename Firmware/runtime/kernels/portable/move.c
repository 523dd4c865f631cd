// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "shunt_kernel_checks.h"

/// The loops of a block, behind its head.
static const shunt_move_loop_t *loops_of(const shunt_move_block_t *block) {
    return (const shunt_move_loop_t *)(block + 1);
}

/// Bytes of a block with its loops.
static uint32_t block_bytes(const shunt_move_block_t *block) {
    return (uint32_t)sizeof *block + block->loops * (uint32_t)sizeof(shunt_move_loop_t);
}

/// Whether all runs of a block lie inside a tensor; `writes` tells which of its two sides is meant.
static bool extent_valid(const shunt_move_block_t *block, bool writes, uint32_t tensor_bytes) {
    const shunt_move_loop_t *loop = loops_of(block);
    int64_t first = writes ? block->out_start : block->in_start;
    int64_t end = first + block->run_bytes;
    for (uint32_t i = 0; i < block->loops; i++) {
        if (first < 0 || end > tensor_bytes || loop[i].out_stride > INT32_MAX) {
            return false;
        }
        // Cannot wrap: `first` and `end` are within the tensor, and the product is below 2^63 -
        // 2^32.
        const int64_t stride = writes ? (int64_t)loop[i].out_stride : loop[i].in_stride;
        const int64_t reach = ((int64_t)loop[i].count - 1) * stride;
        if (reach < 0) {
            first += reach;
        } else {
            end += reach;
        }
    }
    return first >= 0 && end <= tensor_bytes;
}

/// Bytes that a block writes, run after run; 0 if they are more than `limit`, or none.
static uint32_t written_bytes(const shunt_move_block_t *block, uint32_t limit) {
    const shunt_move_loop_t *loop = loops_of(block);
    uint64_t bytes = block->run_bytes;
    for (uint32_t i = 0; i < block->loops && bytes <= limit; i++) {
        bytes *= loop[i].count;
    }
    return bytes <= limit ? (uint32_t)bytes : 0;
}

static bool source_valid(const shunt_call_t *call, const shunt_move_block_t *block) {
    const uint32_t fill = block->fill_bytes;
    if (fill == 0) {
        return block->input < call->step->input_count &&
               extent_valid(block, false, shunt_operand(call, block->input)->bytes);
    }
    return block->input == 0 && (fill == 1 || fill == 2 || fill == 4) &&
           (block->run_bytes & (fill - 1)) == 0;
}

static bool block_valid(const shunt_call_t *call, const shunt_move_block_t *block) {
    const uint32_t inputs = call->step->input_count;
    return block->output < call->step->output_count && source_valid(call, block) &&
           extent_valid(block, true, shunt_operand(call, inputs + block->output)->bytes);
}

/// Whether the parameters are a sequence of legal blocks that write `bytes` bytes in all.
static bool blocks_valid(const shunt_call_t *call, uint64_t bytes) {
    const uint8_t *at = call->params;
    uint32_t left = call->step->params_bytes;
    while (left != 0) {
        const shunt_move_block_t *block = (const shunt_move_block_t *)at;
        if (left < sizeof *block || block->loops > SHUNT_MOVE_LOOPS || left < block_bytes(block)) {
            return false;
        }
        const uint32_t written = written_bytes(block, UINT32_MAX);
        if (written == 0 || written > bytes || !block_valid(call, block)) {
            return false;
        }
        bytes -= written;
        at += block_bytes(block);
        left -= block_bytes(block);
    }
    return bytes == 0;
}

static shunt_status_t check(const shunt_call_t *call) {
    const shunt_blob_step_t *step = call->step;
    if (step->input_count == 0 || step->output_count == 0 || step->flags != 0) {
        return SHUNT_ERR_PARAMS;
    }
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < step->output_count; i++) {
        bytes += shunt_operand(call, step->input_count + i)->bytes;
    }
    const uint32_t operands = (uint32_t)step->input_count + step->output_count;
    const bool valid = shunt_check_type(call, 0, operands, shunt_operand(call, 0)->type) &&
                       shunt_check_separate(call) && blocks_valid(call, bytes);
    return valid ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

/// Writes `bytes` bytes of equal elements.
static void fill_run(uint8_t *out, uint32_t value, uint32_t element_bytes, uint32_t bytes) {
    if (element_bytes == 1) {
        memset(out, (uint8_t)value, bytes);
        return;
    }
    for (uint32_t i = 0; i < bytes; i += element_bytes) {
        memcpy(out + i, &value, element_bytes);
    }
}

/// The innermost loop. Positions may wrap behind the last run, where nothing is read or written.
static void move_runs(const shunt_move_block_t *block, const shunt_move_loop_t *loop,
                      const uint8_t *in, uint32_t from, uint8_t *out, uint32_t to) {
    // Fields are read once: a store of a byte may change any of them.
    const uint32_t bytes = block->run_bytes, fill_bytes = block->fill_bytes;
    const uint32_t in_stride = (uint32_t)loop->in_stride, out_stride = loop->out_stride;
    for (uint32_t left = loop->count; left > 0; left--) {
        if (fill_bytes != 0) {
            fill_run(out + to, block->in_start, fill_bytes, bytes);
        } else if (bytes == 1) {
            out[to] = in[from];
        } else if (bytes == 16) { // frequent, and no call where loads need no alignment
            memcpy(out + to, in + from, 16);
        } else if (bytes == 32) {
            memcpy(out + to, in + from, 32);
        } else {
            memcpy(out + to, in + from, bytes);
        }
        from += in_stride;
        to += out_stride;
    }
}

static void move_block(const shunt_move_block_t *block, const uint8_t *in, uint8_t *out) {
    static const shunt_move_loop_t once = {.count = 1};
    const shunt_move_loop_t *loop = loops_of(block);
    const uint32_t outer = block->loops == 0 ? 0 : block->loops - 1u;
    const shunt_move_loop_t *inner = block->loops == 0 ? &once : &loop[outer];
    uint32_t index[SHUNT_MOVE_LOOPS] = {0};
    uint32_t from = block->in_start;
    uint32_t to = block->out_start;
    for (;;) {
        move_runs(block, inner, in, from, out, to);
        uint32_t i = outer;
        do {
            if (i-- == 0) {
                return;
            }
            from += (uint32_t)loop[i].in_stride;
            to += loop[i].out_stride;
            index[i]++;
            if (index[i] == loop[i].count) {
                from -= (uint32_t)loop[i].in_stride * index[i];
                to -= loop[i].out_stride * index[i];
                index[i] = 0;
            }
        } while (index[i] == 0);
    }
}

static void run(const shunt_call_t *call) {
    const uint8_t *at = call->params;
    const uint8_t *end = at + call->step->params_bytes;
    while (at != end) {
        const shunt_move_block_t *block = (const shunt_move_block_t *)at;
        move_block(block, shunt_operand_in(call, block->input),
                   shunt_operand_out(call, block->output));
        at += block_bytes(block);
    }
}

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(move) = {
    .id = SHUNT_KERNEL_MOVE,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = "move",
    .check = check,
    .run = run,
};
