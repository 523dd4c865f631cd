// SPDX-License-Identifier: Apache-2.0
#include "batch_matmul.h"

#include "scale_s16.h"

/// Whether the last element that an operand is asked for lies inside it, and the operand is large
/// enough for one matrix: strides of 0 repeat matrices, they do not make long sums of few elements.
static bool operand_valid(const shunt_batch_matmul_params_t *p, uint32_t operand, uint32_t lines,
                          uint32_t line_stride, uint32_t elements) {
    // No term exceeds 2^63, and their sum is cut short as soon as it leaves the tensor.
    const uint32_t counts[] = {p->batches[0], p->batches[1], p->batches[2], lines, p->depth};
    const uint32_t strides[] = {p->batch_strides[operand][0], p->batch_strides[operand][1],
                                p->batch_strides[operand][2], line_stride,
                                p->depth_strides[operand]};
    uint64_t last = 0;
    if ((uint64_t)lines * p->depth > elements) {
        return false;
    }
    for (uint32_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        last += (uint64_t)(counts[i] - 1) * strides[i];
        if (last >= elements) {
            return false;
        }
    }
    return true;
}

static bool output_valid(const shunt_batch_matmul_params_t *p, uint32_t elements) {
    const uint32_t counts[] = {p->batches[0], p->batches[1], p->batches[2], p->rows, p->columns};
    uint64_t product = 1;
    for (uint32_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        product *= counts[i];
        if (product == 0 || product > elements) {
            return false;
        }
    }
    return product == elements && p->depth != 0 && p->depth <= MAX_TERMS;
}

bool SHUNT_CHECK_MATMUL(const shunt_call_t *call, uint32_t type) {
    const shunt_batch_matmul_params_t *p = call->params;
    if (!shunt_check_counts(call, 2, 1, sizeof *p) || !shunt_check_type(call, 0, 3, type) ||
        !shunt_check_separate(call)) {
        return false;
    }
    const uint32_t size = type == SHUNT_TYPE_S16 ? 2 : 1;
    return output_valid(p, shunt_operand(call, 2)->bytes / size) &&
           operand_valid(p, 0, p->rows, p->row_stride, shunt_operand(call, 0)->bytes / size) &&
           operand_valid(p, 1, p->columns, p->column_stride,
                         shunt_operand(call, 1)->bytes / size) &&
           p->reserved == 0;
}

/// Multiplies one pair of matrices; returns the number of elements written so far.
static size_t multiply_matrices(const shunt_call_t *call, multiply_element_t multiply, size_t index,
                                size_t a, size_t b) {
    const shunt_batch_matmul_params_t *p = call->params;
    for (uint32_t row = 0; row < p->rows; row++, a += p->row_stride) {
        for (uint32_t column = 0; column < p->columns; column++) {
            multiply(call, index++, a, b + (size_t)column * p->column_stride);
        }
    }
    return index;
}

void SHUNT_MULTIPLY_BATCHES(const shunt_call_t *call, multiply_element_t multiply) {
    const shunt_batch_matmul_params_t *p = call->params;
    const uint32_t *sa = p->batch_strides[0];
    const uint32_t *sb = p->batch_strides[1];
    size_t index = 0;
    for (uint32_t i = 0; i < p->batches[0]; i++) {
        for (uint32_t j = 0; j < p->batches[1]; j++) {
            for (uint32_t k = 0; k < p->batches[2]; k++) {
                index =
                    multiply_matrices(call, multiply, index,
                                      (size_t)i * sa[0] + (size_t)j * sa[1] + (size_t)k * sa[2],
                                      (size_t)i * sb[0] + (size_t)j * sb[1] + (size_t)k * sb[2]);
            }
        }
    }
}
