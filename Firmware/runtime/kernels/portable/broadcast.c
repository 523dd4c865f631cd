// SPDX-License-Identifier: Apache-2.0
#include "broadcast.h"

#include "elements.h"
#include "shunt_kernel_checks.h"

static const uint32_t *strides_of(const shunt_call_t *call, uint32_t input) {
    return (const uint32_t *)call->params + BROADCAST_RANK * (input + 1);
}

/// Whether the dimensions are those of exactly this tensor.
static bool shape_valid(const uint32_t *dims, const shunt_blob_tensor_t *tensor) {
    uint64_t bytes = element_bytes(tensor->type);
    for (uint32_t i = 0; i < BROADCAST_RANK; i++) {
        bytes *= dims[i];
        if (bytes == 0 || bytes > tensor->bytes) {
            return false;
        }
    }
    return bytes == tensor->bytes;
}

/// Whether the strides reach no element behind the tensor.
static bool strides_valid(const uint32_t *dims, const uint32_t *strides,
                          const shunt_blob_tensor_t *tensor) {
    const uint32_t element = element_bytes(tensor->type);
    uint64_t last = 0;
    for (uint32_t i = 0; i < BROADCAST_RANK; i++) {
        // Cannot wrap: dims[i] is at most 2^31, and `last` stays below 2^32.
        last += (uint64_t)(dims[i] - 1) * strides[i];
        if (last >= tensor->bytes) {
            return false;
        }
    }
    return element != 0 && (last + 1) * element <= tensor->bytes;
}

/// Whether element i of the input goes into element i of the output, for all i.
static bool dense(const uint32_t *dims, const uint32_t *strides) {
    uint32_t stride = 1;
    for (uint32_t i = BROADCAST_RANK; i-- > 0;) {
        if (dims[i] != 1 && strides[i] != stride) {
            return false;
        }
        stride *= dims[i];
    }
    return true;
}

static bool input_valid(const shunt_call_t *call, uint32_t input) {
    const uint32_t *dims = call->params;
    const uint32_t *strides = strides_of(call, input);
    const shunt_blob_tensor_t *in = shunt_operand(call, input);
    const shunt_blob_tensor_t *out = shunt_operand(call, call->step->input_count);
    const bool in_place = shunt_check_in_place(call, input) &&
                          element_bytes(in->type) == element_bytes(out->type) &&
                          dense(dims, strides);
    return strides_valid(dims, strides, in) && (in_place || !shunt_tensors_overlap(in, out));
}

bool SHUNT_BROADCAST_VALID(const shunt_call_t *call) {
    const uint32_t inputs = call->step->input_count;
    if (inputs > BROADCAST_INPUTS || !shape_valid(call->params, shunt_operand(call, inputs))) {
        return false;
    }
    for (uint32_t i = 0; i < inputs; i++) {
        if (!input_valid(call, i)) {
            return false;
        }
    }
    return true;
}

/// Points `row` at the elements with these outer indices.
static void seek(const shunt_call_t *call, broadcast_row_t *row, const uint32_t *at) {
    for (uint32_t i = 0; i < call->step->input_count; i++) {
        const shunt_blob_tensor_t *tensor = shunt_operand(call, i);
        const uint32_t *strides = strides_of(call, i);
        const uint32_t element = at[0] * strides[0] + at[1] * strides[1] + at[2] * strides[2];
        row->in[i] = (const uint8_t *)shunt_tensor_data(call, tensor) +
                     (size_t)element * element_bytes(tensor->type);
        row->step[i] = strides[BROADCAST_RANK - 1];
    }
}

void SHUNT_BROADCAST(const shunt_call_t *call, broadcast_compute_t compute) {
    const uint32_t *dims = call->params;
    broadcast_row_t row = {.out = shunt_operand_out(call, 0), .count = dims[BROADCAST_RANK - 1]};
    const uint32_t row_bytes =
        row.count * element_bytes(shunt_operand(call, call->step->input_count)->type);
    uint32_t at[BROADCAST_RANK - 1];
    for (at[0] = 0; at[0] < dims[0]; at[0]++) {
        for (at[1] = 0; at[1] < dims[1]; at[1]++) {
            for (at[2] = 0; at[2] < dims[2]; at[2]++) {
                seek(call, &row, at);
                compute(call, &row);
                row.out = (uint8_t *)row.out + row_bytes;
            }
        }
    }
}
