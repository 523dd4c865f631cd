// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_CORTEX_M_BOOT_H
#define SHUNT_CORTEX_M_BOOT_H

/// Counts this start for shunt_port_boot_counter. Call it once, first in shunt_port_init.
void shunt_count_boot(void);

#endif
