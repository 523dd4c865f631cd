// SPDX-License-Identifier: Apache-2.0
//
// ST STM32F1, value line (RM0041): clocks and pins.
#include "../cortex-m/boot.h"
#include "../cortex-m/wake.h"
#include "../stm32/stm32.h"
#include "shunt_port.h"

#define RCC_CONTROL SHUNT_REGISTER(0x40021000u)
#define RCC_CONFIG SHUNT_REGISTER(0x40021004u)
#define RCC_APB2_ENABLE SHUNT_REGISTER(0x40021018u)
#define RCC_APB1_ENABLE SHUNT_REGISTER(0x4002101Cu)
#define RCC_CONFIG2 SHUNT_REGISTER(0x4002102Cu)

enum {
    CONTROL_CRYSTAL_ON = 1u << 16,
    CONTROL_CRYSTAL_READY = 1u << 17,
    CONTROL_PLL_ON = 1u << 24,
    CONTROL_PLL_READY = 1u << 25,
    CONFIG_CLOCK_MASK = 3u << 0,
    CONFIG_CLOCK_PLL = 2u << 0,
    CONFIG_CLOCK_IS_MASK = 3u << 2,
    CONFIG_CLOCK_IS_PLL = 2u << 2,
    CONFIG_PLL_FROM_CRYSTAL = 1u << 16,
    APB2_GPIO_A = 1u << 2, // and so on
    APB2_USART1 = 1u << 14,
    APB1_TIM6 = 1u << 4,
    APB1_USART2 = 1u << 17,
    APB1_USART3 = 1u << 18
};
#define INTERNAL_HZ 8000000u

_Static_assert(SHUNT_CLOCK_HZ <= 24000000u, "faster needs flash wait states and a slower APB1");
_Static_assert(SHUNT_CRYSTAL_HZ != 0 && SHUNT_CLOCK_HZ % SHUNT_CRYSTAL_HZ == 0 &&
                   SHUNT_CLOCK_HZ / SHUNT_CRYSTAL_HZ >= 2 &&
                   SHUNT_CLOCK_HZ % (INTERNAL_HZ / 2u) == 0 &&
                   SHUNT_CLOCK_HZ / (INTERNAL_HZ / 2u) >= 2,
               "the PLL multiplies the crystal, or half the internal oscillator, by 2 to 16");
_Static_assert(SHUNT_UART_CLOCK_HZ == SHUNT_CLOCK_HZ, "buses run at the core's clock");

static uint32_t pll_multiplied_by(uint32_t factor) {
    return (factor - 2u) << 18;
}

/// Runs from the PLL, fed by the crystal or, if that does not start, by the internal oscillator.
static void start_clocks(void) {
    RCC_CONTROL |= CONTROL_CRYSTAL_ON;
    RCC_CONFIG2 = 0; // the crystal is not divided
    if (shunt_wait_for(&RCC_CONTROL, CONTROL_CRYSTAL_READY, CONTROL_CRYSTAL_READY)) {
        RCC_CONFIG = CONFIG_PLL_FROM_CRYSTAL | pll_multiplied_by(SHUNT_CLOCK_HZ / SHUNT_CRYSTAL_HZ);
    } else {
        RCC_CONFIG = pll_multiplied_by(SHUNT_CLOCK_HZ / (INTERNAL_HZ / 2u));
    }
    RCC_CONTROL |= CONTROL_PLL_ON;
    if (shunt_wait_for(&RCC_CONTROL, CONTROL_PLL_READY, CONTROL_PLL_READY)) {
        RCC_CONFIG = (RCC_CONFIG & ~(uint32_t)CONFIG_CLOCK_MASK) | CONFIG_CLOCK_PLL;
        (void)shunt_wait_for(&RCC_CONFIG, CONFIG_CLOCK_IS_MASK, CONFIG_CLOCK_IS_PLL);
    }
}

static void enable_devices(void) {
    uint32_t apb1 = APB1_TIM6;
    uint32_t apb2 = (uint32_t)APB2_GPIO_A << SHUNT_PIN_PORT(SHUNT_PIN_TX) |
                    (uint32_t)APB2_GPIO_A << SHUNT_PIN_PORT(SHUNT_PIN_RX) |
                    (uint32_t)APB2_GPIO_A << SHUNT_PIN_PORT(SHUNT_PIN_TRIGGER);
    switch (SHUNT_UART_BASE) {
    case 0x40004400u:
        apb1 |= APB1_USART2;
        break;
    case 0x40004800u:
        apb1 |= APB1_USART3;
        break;
    default:
        apb2 |= APB2_USART1;
        break;
    }
    RCC_APB1_ENABLE |= apb1;
    RCC_APB2_ENABLE |= apb2;
}

// A pin's four bits in its port's configuration registers.
enum { PIN_OUTPUT_2_MHZ = 0x2, PIN_PULLED_INPUT = 0x8, PIN_DEVICE_OUTPUT_50_MHZ = 0xB };

static void configure_pin(uint32_t pin, uint32_t configuration) {
    const uint32_t number = SHUNT_PIN_NUMBER(pin);
    volatile uint32_t *reg = &SHUNT_REGISTER(SHUNT_PORT_BASE(pin) + (number / 8u) * 4u);
    const uint32_t shift = 4u * (number % 8u);
    *reg = (*reg & ~(0xFu << shift)) | configuration << shift;
}

#define PORT_SET_RESET(pin) SHUNT_REGISTER(SHUNT_PORT_BASE(pin) + 0x10u)

static void start_pins(void) {
    PORT_SET_RESET(SHUNT_PIN_RX) = 1u << SHUNT_PIN_NUMBER(SHUNT_PIN_RX); // pulled up, not down
    configure_pin(SHUNT_PIN_RX, PIN_PULLED_INPUT);
    configure_pin(SHUNT_PIN_TX, PIN_DEVICE_OUTPUT_50_MHZ);
    shunt_port_trigger_write(0);
    for (uint32_t i = 0; i < 3; i++) {
        configure_pin(SHUNT_PIN_TRIGGER + i, PIN_OUTPUT_2_MHZ);
    }
}

void shunt_port_init(void) {
    shunt_count_boot();
    start_clocks();
    enable_devices();
    start_pins();
    shunt_stm32_start_clock(65536);
    shunt_stm32_start_usart();
    shunt_wake_enable();
}

void shunt_port_trigger_write(uint32_t levels) {
    PORT_SET_RESET(SHUNT_PIN_TRIGGER) = shunt_trigger_bits(levels);
}
