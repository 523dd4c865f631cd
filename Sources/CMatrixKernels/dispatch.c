// SPDX-License-Identifier: Apache-2.0
#include "shunt_matrix_kernels.h"

#include <assert.h>

extern const shunt_matrix_kernels_t shunt_matrix_kernels_generic;

#if defined(__x86_64__)
extern const shunt_matrix_kernels_t shunt_matrix_kernels_avx512;
extern const shunt_matrix_kernels_t shunt_matrix_kernels_avx2;

static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

size_t shunt_matrix_kernels_count(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return 1 + (size_t)has_avx2() + (size_t)(has_avx2() && has_avx512());
#else
    return 1;
#endif
}

const shunt_matrix_kernels_t *shunt_matrix_kernels_at(size_t index) {
    const size_t better = shunt_matrix_kernels_count() - 1 - index;
    assert(index < shunt_matrix_kernels_count());
#if defined(__x86_64__)
    static const shunt_matrix_kernels_t *const sets[] = {
        &shunt_matrix_kernels_generic, &shunt_matrix_kernels_avx2, &shunt_matrix_kernels_avx512};
    return sets[better];
#else
    (void)better;
    return &shunt_matrix_kernels_generic;
#endif
}

const shunt_matrix_kernels_t *shunt_matrix_kernels(void) {
    return shunt_matrix_kernels_at(0);
}
