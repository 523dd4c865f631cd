// SPDX-License-Identifier: Apache-2.0
//
// Validation of a blob's records, and of what they stand in. Internal to the runtime.
#ifndef SHUNT_VALIDATE_H
#define SHUNT_VALIDATE_H

#include "shunt_kernel.h"

/// A blob under validation: the model, its section pointers and counts filled in, and what only
/// validation needs.
typedef struct validation {
    shunt_model_t *model;
    const shunt_blob_kernel_t *kernels; ///< KERNELS
    uint32_t kernel_count;              ///< Entries of `kernels`, at most SHUNT_MAX_KERNELS.
    uint32_t strings_bytes;             ///< Bytes of STRINGS; the last one is NUL.
} validation_t;

/// Whether offset ... offset + bytes - 1 lies inside start ... start + size - 1. With `bytes` 0,
/// `offset` may also be the end.
bool shunt_range_inside(uint32_t offset, uint32_t bytes, uint32_t start, uint32_t size);

/// Whether two ranges share a byte; an empty one never does.
bool shunt_ranges_overlap(uint32_t a, uint32_t a_bytes, uint32_t b, uint32_t b_bytes);

/// Writes `count` bytes to `to`: those at `from`, or `fill` if `from` is NULL.
void shunt_write_bytes(void *to, const uint8_t *from, uint8_t fill, size_t count);

/// Finds the sections of known kinds and points `v` and its model at their records.
/// @return SHUNT_OK; SHUNT_ERR_FORMAT; SHUNT_ERR_VERSION for a required section of unknown kind.
shunt_status_t shunt_find_sections(validation_t *v);

/// Every tensor: name, type, shape, size, place and lifetime.
bool shunt_validate_tensors(const validation_t *v);

/// Every step: name, kernel index, operands (alive and, if written, writable), parameters, scratch.
bool shunt_validate_steps(const validation_t *v);

/// Inputs and outputs: names, types, places and lifetimes; inputs do not overlap each other.
bool shunt_validate_io(const validation_t *v);

/// What reset() writes lies inside the state region, what it reads inside CONSTANTS.
bool shunt_validate_state(const validation_t *v);

/// No step writes over a tensor that is needed after it, or over an input that is said to survive.
bool shunt_validate_overlaps(const validation_t *v);

#endif
