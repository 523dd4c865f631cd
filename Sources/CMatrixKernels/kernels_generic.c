// SPDX-License-Identifier: Apache-2.0

// What every processor of the architecture has: SSE2, or on AArch64 the vectors with twice the
// registers and fused multiply-add.
#define TARGET
#if defined(__aarch64__)
#define ROWS 6
#else
#define ROWS 2
#endif
#define PANELS 1
#define KERNELS shunt_matrix_kernels_generic
#define KERNELS_NAME "generic"
#include "kernel_bodies.h"
