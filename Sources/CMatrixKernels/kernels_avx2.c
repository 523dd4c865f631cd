// SPDX-License-Identifier: Apache-2.0

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define ROWS 6
#define PANELS 1
#define KERNELS shunt_matrix_kernels_avx2
#define KERNELS_NAME "avx2"
#include "kernel_bodies.h"
#endif
