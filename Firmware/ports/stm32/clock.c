// SPDX-License-Identifier: Apache-2.0
//
// Time: SysTick counts the core's clock with 24 bits, TIM6 says how often it has wrapped. Sleep
// ends with every wrap. QEMU models no TIM6: there an inference that takes longer than a wrap shows
// too short, and nothing depends on it, since emulated latency is modelled from instructions.
#include "../cortex-m/wide_clock.h"
#include "shunt_port.h"
#include "stm32.h"

#define SYSTICK_CONTROL SHUNT_REGISTER(0xE000E010u)
#define SYSTICK_RELOAD SHUNT_REGISTER(0xE000E014u)
#define SYSTICK_VALUE SHUNT_REGISTER(0xE000E018u)
#define INTERRUPT_CONTROL SHUNT_REGISTER(0xE000ED04u)

enum {
    SYSTICK_ENABLE = 1u << 0,
    SYSTICK_INTERRUPT = 1u << 1,
    SYSTICK_CORE_CLOCK = 1u << 2,
    SYSTICK_MASK = 0xFFFFFF,
    CLEAR_PENDING_SYSTICK = 1u << 25
};

#define TIM6_BASE 0x40001000u
#define TIM6_CONTROL SHUNT_REGISTER(TIM6_BASE + 0x00u)
#define TIM6_EVENT SHUNT_REGISTER(TIM6_BASE + 0x14u)
#define TIM6_COUNT SHUNT_REGISTER(TIM6_BASE + 0x24u)
#define TIM6_PRESCALER SHUNT_REGISTER(TIM6_BASE + 0x28u)
#define TIM6_RELOAD SHUNT_REGISTER(TIM6_BASE + 0x2Cu)

enum { TIM6_ENABLE = 1u << 0, TIM6_UPDATE = 1u << 0, TIM6_MASK = 0xFFFF, TICKS_PER_TIM6 = 65536 };

_Static_assert(SHUNT_TIMER_HZ == SHUNT_CLOCK_HZ, "SysTick counts the core's clock");

void shunt_stm32_start_clock(uint32_t prescaler) {
    TIM6_PRESCALER = prescaler - 1;
    TIM6_RELOAD = TIM6_MASK;
    TIM6_EVENT = TIM6_UPDATE; // takes the prescaler over
    TIM6_CONTROL = TIM6_ENABLE;
    SYSTICK_RELOAD = SYSTICK_MASK;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = SYSTICK_ENABLE | SYSTICK_INTERRUPT | SYSTICK_CORE_CLOCK;
}

void shunt_stm32_forget_wrap(void) {
    INTERRUPT_CONTROL = CLEAR_PENDING_SYSTICK;
}

uint64_t shunt_port_ticks(void) {
    static shunt_wide_clock_t clock;
    const uint32_t now = SYSTICK_MASK - SYSTICK_VALUE; // it counts down
    return shunt_wide_clock_read(&clock, now, SYSTICK_MASK, TIM6_COUNT, TIM6_MASK, TICKS_PER_TIM6);
}
