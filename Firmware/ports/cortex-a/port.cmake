# SPDX-License-Identifier: Apache-2.0
#
# What ports of Armv8-A boards include. Debian's cross compiler is that of Linux: it makes
# position-independent programs unless told otherwise, and its C library is of no use here.
enable_language(ASM)
set(SHUNT_CORTEX_A_SOURCES
    ../cortex-a/startup.S
    ../cortex-a/startup.c
    ../cortex-a/mmu.c
    ../cortex-a/core.c
    ../cortex-a/memory.c
    ../cortex-a/pl011.c)
set(SHUNT_PORT_LINKER_TEMPLATE ../cortex-m/link.ld.in)
set(SHUNT_PORT_COMPILE_OPTIONS -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables
                               -fno-unwind-tables -mno-outline-atomics)
set(SHUNT_PORT_LINK_OPTIONS -nostdlib -static -no-pie -Wl,--build-id=none)
set(CMAKE_C_STANDARD_LIBRARIES -lgcc)
foreach(source startup.c mmu.c)
  set_source_files_properties(ports/${SHUNT_PORT}/../cortex-a/${source}
                              PROPERTIES COMPILE_OPTIONS "-mgeneral-regs-only;-mstrict-align")
endforeach()
foreach(source memory.c)
  set_source_files_properties(ports/${SHUNT_PORT}/../cortex-a/${source} PROPERTIES COMPILE_OPTIONS
                                                                                   -ffreestanding)
endforeach()
