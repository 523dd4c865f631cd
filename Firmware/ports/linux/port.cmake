# SPDX-License-Identifier: Apache-2.0
set(SHUNT_PORT_SOURCES linux.c line.c)
set(SHUNT_PORT_LINKER_TEMPLATE)
set(SHUNT_LINK_WINDOW 8)

# Known at run time: an emulator says --emulated.
set(SHUNT_TICKS_ARE_EMULATED 0)

# Other boards' programs: no libraries to be installed there, and addresses that are those of the
# file, by which the instruction counter finds the marks.
if(SHUNT_CORE IN_LIST cortex_a_cores)
  set(SHUNT_PORT_COMPILE_OPTIONS -fno-pie)
  set(SHUNT_PORT_LINK_OPTIONS -static -no-pie)
endif()
