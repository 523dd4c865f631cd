// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels that move bytes without looking at them. Starts and strides are counted
// in bytes from the first byte of a tensor.
#ifndef SHUNT_PARAMS_MOVEMENT_H
#define SHUNT_PARAMS_MOVEMENT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_MOVE_LOOPS = 8,  ///< Largest number of nested loops around a run of `move`.
    SHUNT_GATHER_LOOPS = 6 ///< Largest number of nested loops around a run of `gather`.
};

/// move: a sequence of blocks, each a shunt_move_block_t and its loops, outermost first, up to the
/// end of the parameters. Together the blocks write as many bytes as the outputs have.
typedef struct shunt_move_block {
    uint8_t input;  ///< Which input is read; 0 for a fill.
    uint8_t output; ///< Which output is written.
    uint8_t loops;  ///< shunt_move_loop_t that follow: 0 ... SHUNT_MOVE_LOOPS.
    uint8_t
        fill_bytes; ///< 0: runs are copied. 1, 2, 4: they are filled with elements of this size.
    uint32_t run_bytes; ///< Neighbouring bytes that move at once, at least 1.
    uint32_t in_start;  ///< Where the first run is read; for a fill, the element.
    uint32_t out_start; ///< Where the first run is written.
} shunt_move_block_t;

/// One loop around the runs of a block.
typedef struct shunt_move_loop {
    uint32_t count;      ///< At least 1.
    int32_t in_stride;   ///< 0 repeats, negative goes backwards; 0 for a fill.
    uint32_t out_stride; ///< 0 ... 2^31 - 1
} shunt_move_loop_t;

/// One loop around the runs of `gather`.
typedef struct shunt_gather_loop {
    uint32_t count;  ///< At least 1.
    uint32_t stride; ///< Between the runs that are read, if there is no table; else 0.
    uint32_t table;  ///< Blob offset of uint32_t[count]: where each run is read; 0 for none.
} shunt_gather_loop_t;

/// gather: runs are read where strides and tables say (the sum over the loops), and written one
/// behind the other.
typedef struct shunt_gather_params {
    uint32_t loops;     ///< 1 ... SHUNT_GATHER_LOOPS
    uint32_t run_bytes; ///< Neighbouring bytes that move at once, at least 1.
    shunt_gather_loop_t loop[SHUNT_GATHER_LOOPS]; ///< Outermost first; unused ones are 0.
} shunt_gather_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_move_block_t) == 16, "layout");
_Static_assert(sizeof(shunt_move_loop_t) == 12, "layout");
_Static_assert(sizeof(shunt_gather_loop_t) == 12, "layout");
_Static_assert(sizeof(shunt_gather_params_t) == 80, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif
