# SPDX-License-Identifier: Apache-2.0
#
# Compiler flags of each core (SHUNT_CORE_FLAGS), its toolchain file (SHUNT_CORE_TOOLCHAIN, empty
# for the machine that builds) and what links its smallest C library
# (SHUNT_CORE_SMALL_LINK_OPTIONS). Arithmetic is integer throughout, so all cores use the soft-float
# calling convention. The vectors of Cortex-M55 live in the registers of the floating point unit, which
# softfp makes usable.

set(cortex_m_cores cortex-m0 cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55)
set(cortex_a_cores cortex-a53 cortex-a76)

if(SHUNT_CORE IN_LIST cortex_m_cores)
  if(SHUNT_CORE STREQUAL "cortex-m55")
    set(float_abi softfp)
  else()
    set(float_abi soft)
  endif()
  set(SHUNT_CORE_FLAGS -mcpu=${SHUNT_CORE} -mthumb -mfloat-abi=${float_abi})
  set(SHUNT_CORE_TOOLCHAIN ${CMAKE_CURRENT_LIST_DIR}/toolchains/arm-none-eabi.cmake)
  set(SHUNT_CORE_SMALL_LINK_OPTIONS --specs=nano.specs)
elseif(SHUNT_CORE IN_LIST cortex_a_cores)
  set(SHUNT_CORE_FLAGS -mcpu=${SHUNT_CORE})
  set(SHUNT_CORE_TOOLCHAIN ${CMAKE_CURRENT_LIST_DIR}/toolchains/aarch64-linux-gnu.cmake)
elseif(SHUNT_CORE STREQUAL "linux")
  set(SHUNT_CORE_FLAGS)
  set(SHUNT_CORE_TOOLCHAIN)
else()
  message(FATAL_ERROR "SHUNT_CORE is '${SHUNT_CORE}', which Firmware/cmake/cores.cmake does not "
                      "list: ${cortex_m_cores};${cortex_a_cores};linux")
endif()
