# SPDX-License-Identifier: Apache-2.0
#
# Defaults of what a board file may leave out, and refusal of what it must not.

foreach(name BOARD_ID PORT CORE KERNEL_SETS CLOCK_HZ TIMER_HZ SLOT_BYTES ARENA_BYTES STAGING_BYTES
             STACK_BYTES)
  if(NOT SHUNT_${name})
    message(FATAL_ERROR "${SHUNT_BOARD_FILE} does not set SHUNT_${name}")
  endif()
endforeach()

foreach(name UART_BASE UART_CLOCK_HZ TIMER_BASE GPIO_BASE CODE_ORIGIN CODE_BYTES RAM_ORIGIN RAM_BYTES
             SLOT_ORIGIN BATCH_ORIGIN BATCH_BYTES ERASE_BYTES CRYSTAL_HZ PIN_TX PIN_RX PIN_TRIGGER)
  if(NOT DEFINED SHUNT_${name})
    set(SHUNT_${name} 0)
  endif()
endforeach()
if(NOT SHUNT_BAUD)
  set(SHUNT_BAUD 115200)
endif()
if(NOT SHUNT_LINK_PAYLOAD_BYTES)
  set(SHUNT_LINK_PAYLOAD_BYTES 1024)
endif()
if(NOT SHUNT_PROFILE_STEPS)
  set(SHUNT_PROFILE_STEPS 512)
endif()
if(NOT SHUNT_OPTIMIZATION)
  set(SHUNT_OPTIMIZATION -O2)
endif()

if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/ports/${SHUNT_PORT}/port.cmake)
  message(FATAL_ERROR "SHUNT_PORT is '${SHUNT_PORT}', but Firmware/ports has no such port")
endif()
