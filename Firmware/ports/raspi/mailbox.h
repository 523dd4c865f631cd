// SPDX-License-Identifier: Apache-2.0
//
// The mailbox by which the video core's firmware is asked for clocks.
#ifndef SHUNT_RASPI_MAILBOX_H
#define SHUNT_RASPI_MAILBOX_H

#include <stdint.h>

/// Clocks of the property interface.
typedef enum raspi_clock { RASPI_CLOCK_UART = 2, RASPI_CLOCK_ARM = 3 } raspi_clock_t;

/// Asks for a clock rate, and what it has become.
///
/// @return Hertz; 0 if the firmware gives no answer within 100 ms.
uint32_t shunt_raspi_set_clock(raspi_clock_t clock, uint32_t hz);

#endif
