# SPDX-License-Identifier: Apache-2.0
set(SHUNT_PORT_SOURCES
    stm32f4.c flash.c ../stm32/clock.c ../stm32/usart.c
    ../cortex-m/startup.c ../cortex-m/core.c ../cortex-m/boot.c)
set(SHUNT_PORT_LINKER_TEMPLATE ../cortex-m/link.ld.in)

# A receiver of one byte, read by polling.
set(SHUNT_LINK_WINDOW 1)

# Of the chip; the host knows whether the board is emulated.
set(SHUNT_TICKS_ARE_EMULATED 0)
