// SPDX-License-Identifier: Apache-2.0
#include "all_kernels.h"

#include <stdio.h>
#include <stdlib.h>

#include "shunt_kernels_dsp.h"
#include "shunt_kernels_mve.h"
#include "shunt_kernels_neon.h"
#include "shunt_kernels_portable.h"

enum { MAX_KERNELS = 512 };

const shunt_kernel_table_t *all_kernels(void) {
    static const shunt_kernel_t *kernels[MAX_KERNELS];
    static shunt_kernel_table_t table = {.kernels = kernels};
    if (table.count > 0) {
        return &table;
    }
    const shunt_kernel_table_t *sets[] = {&shunt_kernels_portable, &shunt_kernels_dsp,
                                          &shunt_kernels_mve, &shunt_kernels_neon};
    for (size_t set = 0; set < sizeof sets / sizeof sets[0]; set++) {
        for (uint32_t i = 0; i < sets[set]->count; i++) {
            if (table.count == MAX_KERNELS) {
                fprintf(stderr, "all_kernels: more than %d kernels\n", MAX_KERNELS);
                exit(2);
            }
            kernels[table.count++] = sets[set]->kernels[i];
        }
    }
    return &table;
}
