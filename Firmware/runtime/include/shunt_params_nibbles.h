// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the kernels whose int8 weights are stored in four bits. Included by shunt_params.h.
#ifndef SHUNT_PARAMS_NIBBLES_H
#define SHUNT_PARAMS_NIBBLES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Where the weights of a layer with rows of `length` weights are, one row per output channel. The
/// weight is multiplier * (nibble - 8).
///
/// Rows are stored in pairs (of one group of a convolution; the last one may be half a pair), as
/// (length + 3) / 4 uint32_t each. Word j has the nibbles of weights 4j ... 4j + 3, the first in
/// the lowest bits: of the pair's first row in its lower half, of the second in its upper one.
typedef struct shunt_nibbles {
    uint32_t multipliers; ///< Blob offset of uint8 [pairs][runs of a row]: low nibble, first row.
    uint32_t run_length;  ///< Neighbours that share a multiplier: a multiple of 16, at least 16.
    uint32_t reserved[2]; ///< 0
} shunt_nibbles_t;

/// conv2d_s4: conv2d_s8 whose `weights` are nibbles.
typedef struct shunt_conv2d_s4_params {
    shunt_conv2d_params_t convolution;
    shunt_nibbles_t nibbles;
} shunt_conv2d_s4_params_t;

/// fully_connected_s4: fully_connected_s8 whose `weights` are nibbles.
typedef struct shunt_fully_connected_s4_params {
    shunt_fully_connected_params_t layer;
    shunt_nibbles_t nibbles;
} shunt_fully_connected_s4_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_nibbles_t) == 16, "layout");
_Static_assert(sizeof(shunt_conv2d_s4_params_t) == 80, "layout");
_Static_assert(sizeof(shunt_fully_connected_s4_params_t) == 48, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif
