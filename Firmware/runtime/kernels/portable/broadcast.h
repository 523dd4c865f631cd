// SPDX-License-Identifier: Apache-2.0
//
// How elementwise kernels of two and three operands walk their tensors. Their parameters start with
// the output's dimensions, padded in front with 1, and the strides of each input, in elements, 0
// where it is repeated: uint32_t dims[4], strides[inputs][4].
#ifndef SHUNT_PORTABLE_BROADCAST_H
#define SHUNT_PORTABLE_BROADCAST_H

#include "shunt_kernel.h"

enum {
    BROADCAST_RANK = 4,
    BROADCAST_INPUTS = 3 ///< Largest number of inputs.
};

/// Neighbours along the last dimension.
typedef struct broadcast_row {
    const void *in[BROADCAST_INPUTS]; ///< First element of each input.
    uint32_t step[BROADCAST_INPUTS];  ///< Elements from one to the next.
    void *out;                        ///< Elements of the output, side by side.
    uint32_t count;
} broadcast_row_t;

/// Computes one row.
typedef void (*broadcast_compute_t)(const shunt_call_t *call, const broadcast_row_t *row);

#define SHUNT_BROADCAST_VALID SHUNT_KERNEL_SYMBOL(broadcast_valid)
#define SHUNT_BROADCAST SHUNT_KERNEL_SYMBOL(broadcast)

/// Whether the walk stays inside all tensors, covers the output exactly, and overwrites an input
/// only in place. Element types must be those of elements.h; counts and parameter size are checked
/// already.
bool SHUNT_BROADCAST_VALID(const shunt_call_t *call);

/// Calls `compute` for every row of the output.
void SHUNT_BROADCAST(const shunt_call_t *call, broadcast_compute_t compute);

#endif
