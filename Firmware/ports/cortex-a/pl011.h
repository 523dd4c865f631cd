// SPDX-License-Identifier: Apache-2.0
//
// Arm PrimeCell UART (PL011), at SHUNT_UART_BASE: the link's half of the port contract.
#ifndef SHUNT_PL011_H
#define SHUNT_PL011_H

#include <stdint.h>

/// Sets up the UART: SHUNT_BAUD, 8 data bits, no parity, FIFOs on. It raises its interrupt while
/// bytes are waiting; the port routes it to the core, which sleeps until then.
///
/// @param clock_hz Its clock; a rate that is too high for it becomes the highest there is.
void shunt_pl011_init(uint32_t clock_hz);

#endif
