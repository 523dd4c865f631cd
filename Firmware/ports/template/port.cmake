# SPDX-License-Identifier: Apache-2.0
set(SHUNT_PORT_SOURCES template.c ../cortex-m/startup.c ../cortex-m/core.c)
set(SHUNT_PORT_LINKER_TEMPLATE ../cortex-m/link.ld.in)

# Requests that the receive path holds while the agent executes one: a ring of
# window * SHUNT_LINK_MAX_FRAME bytes that an interrupt fills, or 1 without one.
set(SHUNT_LINK_WINDOW 1)

# 1 if ticks follow an emulator's clock.
set(SHUNT_TICKS_ARE_EMULATED 0)
