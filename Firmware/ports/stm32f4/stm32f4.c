// SPDX-License-Identifier: Apache-2.0
//
// ST STM32F405, F407 and kin (RM0090) at 2.7 V or more: clocks and pins.
#include "../cortex-m/boot.h"
#include "../cortex-m/wake.h"
#include "../stm32/stm32.h"
#include "shunt_port.h"

#define RCC_CONTROL SHUNT_REGISTER(0x40023800u)
#define RCC_PLL SHUNT_REGISTER(0x40023804u)
#define RCC_CONFIG SHUNT_REGISTER(0x40023808u)
#define RCC_AHB1_ENABLE SHUNT_REGISTER(0x40023830u)
#define RCC_APB1_ENABLE SHUNT_REGISTER(0x40023840u)
#define RCC_APB2_ENABLE SHUNT_REGISTER(0x40023844u)
#define POWER_CONTROL SHUNT_REGISTER(0x40007000u)
#define FLASH_ACCESS SHUNT_REGISTER(0x40023C00u)

enum {
    CONTROL_CRYSTAL_ON = 1u << 16,
    CONTROL_CRYSTAL_READY = 1u << 17,
    CONTROL_PLL_ON = 1u << 24,
    CONTROL_PLL_READY = 1u << 25,
    PLL_FROM_CRYSTAL = 1u << 22,
    CONFIG_CLOCK_MASK = 3u << 0,
    CONFIG_CLOCK_PLL = 2u << 0,
    CONFIG_CLOCK_IS_MASK = 3u << 2,
    CONFIG_CLOCK_IS_PLL = 2u << 2,
    CONFIG_APB1_BY_4 = 5u << 10,
    CONFIG_APB2_BY_2 = 4u << 13,
    APB1_TIM6 = 1u << 4,
    APB1_USART2 = 1u << 17,
    APB1_USART3 = 1u << 18,
    APB1_POWER = 1u << 28,
    APB2_USART1 = 1u << 4,
    APB2_USART6 = 1u << 5,
    POWER_SCALE_1 = 1u << 14,
    ACCESS_PREFETCH = 1u << 8,
    ACCESS_CODE_CACHE = 1u << 9,
    ACCESS_DATA_CACHE = 1u << 10
};
#define INTERNAL_HZ 16000000u
#define ONE_MHZ 1000000u
#define HZ_PER_WAIT_STATE 30000000u

_Static_assert(SHUNT_CLOCK_HZ >= 50u * ONE_MHZ && SHUNT_CLOCK_HZ <= 168u * ONE_MHZ,
               "the PLL runs at twice the core's clock");
_Static_assert(SHUNT_CLOCK_HZ % ONE_MHZ == 0 && SHUNT_CRYSTAL_HZ % ONE_MHZ == 0 &&
                   SHUNT_CRYSTAL_HZ >= 4u * ONE_MHZ,
               "the PLL multiplies 1 MHz");

/// The PLL's registers for an input: 1 MHz, times twice the core's clock, divided by two.
static uint32_t pll_fed_by(uint32_t input_hz) {
    const uint32_t core_mhz = SHUNT_CLOCK_HZ / ONE_MHZ;
    const uint32_t usb_divider = 2u * core_mhz / 48u; // unused, but must be legal
    return input_hz / ONE_MHZ | (2u * core_mhz) << 6 | usb_divider << 24;
}

/// Runs from the PLL, fed by the crystal or, if that does not start, by the internal oscillator.
static void start_clocks(void) {
    RCC_APB1_ENABLE |= APB1_POWER;
    POWER_CONTROL |= POWER_SCALE_1;
    RCC_CONTROL |= CONTROL_CRYSTAL_ON;
    RCC_PLL = shunt_wait_for(&RCC_CONTROL, CONTROL_CRYSTAL_READY, CONTROL_CRYSTAL_READY)
                  ? PLL_FROM_CRYSTAL | pll_fed_by(SHUNT_CRYSTAL_HZ)
                  : pll_fed_by(INTERNAL_HZ);
    RCC_CONTROL |= CONTROL_PLL_ON;
    FLASH_ACCESS = (SHUNT_CLOCK_HZ - 1u) / HZ_PER_WAIT_STATE | ACCESS_PREFETCH | ACCESS_CODE_CACHE |
                   ACCESS_DATA_CACHE;
    if (shunt_wait_for(&RCC_CONTROL, CONTROL_PLL_READY, CONTROL_PLL_READY)) {
        RCC_CONFIG = CONFIG_APB1_BY_4 | CONFIG_APB2_BY_2 | CONFIG_CLOCK_PLL;
        (void)shunt_wait_for(&RCC_CONFIG, CONFIG_CLOCK_IS_MASK, CONFIG_CLOCK_IS_PLL);
    }
}

enum { USART1_BASE = 0x40011000, USART6_BASE = 0x40011400, USART2_BASE = 0x40004400 };

_Static_assert(SHUNT_UART_CLOCK_HZ ==
                   (SHUNT_UART_BASE >= USART1_BASE ? SHUNT_CLOCK_HZ / 2u : SHUNT_CLOCK_HZ / 4u),
               "USART1 and USART6 run at half, the others at a quarter of the core's clock");

static void enable_devices(void) {
    uint32_t apb1 = APB1_TIM6;
    uint32_t apb2 = 0;
    switch (SHUNT_UART_BASE) {
    case USART1_BASE:
        apb2 = APB2_USART1;
        break;
    case USART6_BASE:
        apb2 = APB2_USART6;
        break;
    case USART2_BASE:
        apb1 |= APB1_USART2;
        break;
    default:
        apb1 |= APB1_USART3;
        break;
    }
    RCC_AHB1_ENABLE |= 1u << SHUNT_PIN_PORT(SHUNT_PIN_TX) | 1u << SHUNT_PIN_PORT(SHUNT_PIN_RX) |
                       1u << SHUNT_PIN_PORT(SHUNT_PIN_TRIGGER);
    RCC_APB1_ENABLE |= apb1;
    RCC_APB2_ENABLE |= apb2;
}

enum { MODE_OUTPUT = 1, MODE_DEVICE = 2, PULLED_UP = 1 };

#define PORT(pin, offset) SHUNT_REGISTER(SHUNT_PORT_BASE(pin) + (offset))
#define PORT_SET_RESET(pin) PORT(pin, 0x18u)

static void set_bits(volatile uint32_t *reg, uint32_t shift, uint32_t mask, uint32_t value) {
    *reg = (*reg & ~(mask << shift)) | value << shift;
}

static void configure_pin(uint32_t pin, uint32_t mode, uint32_t function) {
    const uint32_t number = SHUNT_PIN_NUMBER(pin);
    set_bits(&PORT(pin, 0x0Cu), 2u * number, 3u, mode == MODE_DEVICE ? PULLED_UP : 0u);
    set_bits(&PORT(pin, 0x20u + (number / 8u) * 4u), 4u * (number % 8u), 0xFu, function);
    set_bits(&PORT(pin, 0x00u), 2u * number, 3u, mode);
}

static void start_pins(void) {
    const uint32_t usart_function = SHUNT_UART_BASE == USART6_BASE ? 8u : 7u;
    configure_pin(SHUNT_PIN_TX, MODE_DEVICE, usart_function);
    configure_pin(SHUNT_PIN_RX, MODE_DEVICE, usart_function);
    shunt_port_trigger_write(0);
    for (uint32_t i = 0; i < 3; i++) {
        configure_pin(SHUNT_PIN_TRIGGER + i, MODE_OUTPUT, 0);
    }
}

void shunt_port_init(void) {
    shunt_count_boot();
    start_clocks();
    enable_devices();
    start_pins();
    shunt_stm32_start_clock(65536 / 2); // timers of APB1 run at half the core's clock
    shunt_stm32_start_usart();
    shunt_wake_enable();
}

void shunt_port_trigger_write(uint32_t levels) {
    PORT_SET_RESET(SHUNT_PIN_TRIGGER) = shunt_trigger_bits(levels);
}
