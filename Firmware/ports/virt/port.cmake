# SPDX-License-Identifier: Apache-2.0
include(ports/cortex-a/port.cmake)
set(SHUNT_PORT_SOURCES virt.c ${SHUNT_CORTEX_A_SOURCES})

# A receiver of 16 bytes, but the emulator holds back what does not fit.
set(SHUNT_LINK_WINDOW 4)

# Emulated: ticks follow executed instructions, not real time.
set(SHUNT_TICKS_ARE_EMULATED 1)
