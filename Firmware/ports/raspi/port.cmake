# SPDX-License-Identifier: Apache-2.0
include(ports/cortex-a/port.cmake)
set(SHUNT_PORT_SOURCES raspi.c mailbox.c ${SHUNT_CORTEX_A_SOURCES})

# A receiver of 16 bytes, more than a millisecond at 115200 baud: longer than a frame takes.
set(SHUNT_LINK_WINDOW 4)

# Overruled at run time: the mailbox tells a real board from an emulated one.
set(SHUNT_TICKS_ARE_EMULATED 1)
