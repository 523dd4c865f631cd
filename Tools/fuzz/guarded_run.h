// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_FUZZ_GUARDED_RUN_H
#define SHUNT_FUZZ_GUARDED_RUN_H

#include <stddef.h>

#include "shunt.h"

/// Allocates exactly so many bytes, aligned as blobs and arenas must be; ends the program if there
/// are none. To be freed with free().
void *allocate_aligned(size_t bytes);

/// Runs a bound model once. Under AddressSanitizer, each step can touch nothing in the arena but
/// its own operands and scratch.
void run_guarded(shunt_model_t *model);

#endif
