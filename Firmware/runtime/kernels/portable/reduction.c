// SPDX-License-Identifier: Apache-2.0
#include "reduction.h"

/// Multiplies three extents; 0 if one is 0 or the product exceeds `limit`.
static uint64_t product(const uint32_t extents[3], uint64_t limit) {
    uint64_t result = 1;
    for (uint32_t i = 0; i < 3; i++) {
        result *= extents[i];
        if (result > limit) {
            return 0;
        }
    }
    return result;
}

/// The largest element number that three loops reach. Extents are at least 1 and at most 2^32 - 1,
/// so that three terms stay below 2^64 if no stride exceeds `limit`, which is below 2^31.
static uint64_t reach(const uint32_t extents[3], const uint32_t strides[3]) {
    uint64_t result = 0;
    for (uint32_t i = 0; i < 3; i++) {
        result += (uint64_t)(extents[i] - 1) * strides[i];
    }
    return result;
}

bool SHUNT_REDUCTION_CHECK(const shunt_reduction_t *reduction, uint64_t input_elements,
                           uint64_t output_elements) {
    const uint64_t kept = product(reduction->kept, UINT32_MAX);
    const uint64_t reduced = product(reduction->reduced, UINT32_MAX);
    for (uint32_t i = 0; i < 3; i++) {
        if (reduction->kept_strides[i] > SHUNT_MAX_BYTES ||
            reduction->reduced_strides[i] > SHUNT_MAX_BYTES) {
            return false;
        }
    }
    return kept != 0 && reduced != 0 && kept == output_elements &&
           kept * reduced == input_elements &&
           reach(reduction->kept, reduction->kept_strides) +
                   reach(reduction->reduced, reduction->reduced_strides) <
               input_elements;
}

void SHUNT_REDUCTION_RUN(const shunt_call_t *call, const shunt_reduction_t *reduction,
                         reduce_element_t reduce) {
    uint32_t index = 0;
    for (uint32_t i = 0; i < reduction->kept[0]; i++) {
        for (uint32_t j = 0; j < reduction->kept[1]; j++) {
            uint32_t first = i * reduction->kept_strides[0] + j * reduction->kept_strides[1];
            for (uint32_t k = 0; k < reduction->kept[2]; k++) {
                reduce(call, first, index++);
                first += reduction->kept_strides[2];
            }
        }
    }
}
