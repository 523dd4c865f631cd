# SPDX-License-Identifier: Apache-2.0
set(SHUNT_PORT_SOURCES mps2.c ../cortex-m/startup.c ../cortex-m/core.c ../cortex-m/boot.c)
set(SHUNT_PORT_LINKER_TEMPLATE ../cortex-m/link.ld.in)

# A receiver of one byte, but the emulator holds back what does not fit.
set(SHUNT_LINK_WINDOW 4)

# Emulated: ticks follow executed instructions, not real time.
set(SHUNT_TICKS_ARE_EMULATED 1)
