# SPDX-License-Identifier: Apache-2.0
#
# Cortex-M with the GNU Arm Embedded Toolchain:
#
#   cmake -B build --toolchain cmake/arm-none-eabi.cmake -DSHUNT_CPU=cortex-m4
#
# SHUNT_CPU is any name that -mcpu takes: cortex-m0, cortex-m0plus, cortex-m3, cortex-m4, cortex-m7,
# cortex-m33, cortex-m55. The arithmetic is integer throughout; where the rest of the product passes
# floats in registers, say so to match it:
#
#   -DSHUNT_FLOAT="-mfloat-abi=hard -mfpu=fpv4-sp-d16"
#
# Cortex-M55 keeps vectors in the registers of its floating point unit. softfp makes them usable and
# links with code for soft; the product's start-up must enable coprocessors 10 and 11 (CPACR).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SHUNT_CPU SHUNT_FLOAT)
if(NOT SHUNT_CPU)
  message(FATAL_ERROR "No core: add -DSHUNT_CPU=cortex-m4 (or another)")
endif()
if(NOT SHUNT_FLOAT)
  if(SHUNT_CPU STREQUAL "cortex-m55")
    set(SHUNT_FLOAT "-mfloat-abi=softfp")
  else()
    set(SHUNT_FLOAT "-mfloat-abi=soft")
  endif()
endif()
set(CMAKE_C_FLAGS_INIT "-mcpu=${SHUNT_CPU} -mthumb ${SHUNT_FLOAT}")
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")
