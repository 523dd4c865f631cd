# SPDX-License-Identifier: Apache-2.0
set(SHUNT_PORT_SOURCES nrf51.c flash.c ../cortex-m/startup.c ../cortex-m/core.c ../cortex-m/boot.c)
set(SHUNT_PORT_LINKER_TEMPLATE ../cortex-m/link.ld.in)

# The receiver holds six bytes, and is read by polling.
set(SHUNT_LINK_WINDOW 1)

# Of the chip; the host knows whether the board is emulated.
set(SHUNT_TICKS_ARE_EMULATED 0)
