// SPDX-License-Identifier: Apache-2.0
//
// From startup.S to the firmware.
#include "cortex_a.h"
#include "shunt_firmware.h"

// From the linker script.
extern const uint32_t shunt_ld_data_load[];
extern uint32_t shunt_ld_data_start[], shunt_ld_data_end[];
extern uint32_t shunt_ld_bss_start[], shunt_ld_bss_end[];

_Noreturn void shunt_cortex_a_main(void);

_Noreturn void shunt_cortex_a_main(void) {
    shunt_cortex_a_before_mmu();
    shunt_cortex_a_mmu_on();
    const uint32_t *from = shunt_ld_data_load;
    for (uint32_t *to = shunt_ld_data_start; to < shunt_ld_data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = shunt_ld_bss_start; to < shunt_ld_bss_end; to++) {
        *to = 0;
    }
    shunt_firmware_main();
}
