// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_FUZZ_SAMPLE_BLOB_H
#define SHUNT_FUZZ_SAMPLE_BLOB_H

#include <stddef.h>
#include <stdint.h>

/// Writes a legal blob that uses every portable kernel, scratch, state, a constant tensor and the
/// in-place rule, without its CRC.
///
/// @param[out] blob     SHUNT_BLOB_ALIGNMENT-aligned.
/// @param      capacity Bytes at `blob`; 8192 are enough.
/// @return The blob's size in bytes; 0 if it does not fit.
size_t sample_blob(uint8_t *blob, size_t capacity);

#endif
