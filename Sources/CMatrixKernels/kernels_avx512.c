// SPDX-License-Identifier: Apache-2.0

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define ROWS 6
#define PANELS 2
#define KERNELS shunt_matrix_kernels_avx512
#define KERNELS_NAME "avx512"
#include "kernel_bodies.h"
#endif
