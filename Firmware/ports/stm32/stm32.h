// SPDX-License-Identifier: Apache-2.0
//
// What STM32 families share: USARTs with SR and DR, the clock from SysTick and TIM6, and the order
// of pins. A family's port.cmake names usart.c and clock.c; the family itself starts clocks and
// pins.
#ifndef SHUNT_STM32_H
#define SHUNT_STM32_H

#include "../cortex-m/registers.h"
#include "shunt_board.h"

/// A pin of the board file is port x 16 + number: PA0 is 0, PB0 is 16.
#define SHUNT_PIN_PORT(pin) ((pin) / 16u)
#define SHUNT_PIN_NUMBER(pin) ((pin) % 16u)

/// Base of the port that has a pin.
#define SHUNT_PORT_BASE(pin) (SHUNT_GPIO_BASE + 0x400u * SHUNT_PIN_PORT(pin))

enum { SHUNT_TRIGGER_PINS = 7 }; ///< Three in a row, from SHUNT_PIN_TRIGGER on.

/// What the port's bit set and reset register takes to give the trigger pins their levels.
static inline uint32_t shunt_trigger_bits(uint32_t levels) {
    const uint32_t high = levels & SHUNT_TRIGGER_PINS;
    const uint32_t low = ~levels & SHUNT_TRIGGER_PINS;
    return high << SHUNT_PIN_NUMBER(SHUNT_PIN_TRIGGER) |
           low << (16u + SHUNT_PIN_NUMBER(SHUNT_PIN_TRIGGER));
}

/// Starts the link's USART; its clock and pins are on.
void shunt_stm32_start_usart(void);

/// Starts the clock; TIM6's clock is on.
/// @param prescaler TIM6's clocks in 65536 of the core.
void shunt_stm32_start_clock(uint32_t prescaler);

/// Forgets that SysTick has wrapped, which would end sleep.
void shunt_stm32_forget_wrap(void);

#endif
