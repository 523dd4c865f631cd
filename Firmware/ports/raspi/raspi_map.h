// SPDX-License-Identifier: Apache-2.0
//
// Peripherals of the BCM2837 that no board file needs to know, by Broadcom's "BCM2835 ARM
// Peripherals" (whose 0x7Ennnnnn is 0x3Fnnnnnn here) and the Raspberry Pi firmware's documentation.
#ifndef SHUNT_RASPI_MAP_H
#define SHUNT_RASPI_MAP_H

#include <stdint.h>

#define RASPI_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

enum {
    RASPI_INTERRUPT_BASE = 0x3F00B200,
    RASPI_MAILBOX_BASE = 0x3F00B880,
    RASPI_POWER_BASE = 0x3F100000
};

#endif
