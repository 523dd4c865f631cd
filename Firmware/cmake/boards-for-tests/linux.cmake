# SPDX-License-Identifier: Apache-2.0
#
# The agent as a program of the machine that builds it.
set(SHUNT_BOARD_ID "linux")
set(SHUNT_PORT "linux")
set(SHUNT_CORE "linux")
set(SHUNT_KERNEL_SETS "portable")
set(SHUNT_CLOCK_HZ "1000000000")
set(SHUNT_TIMER_HZ "1000000000")
set(SHUNT_SLOT_BYTES "0x300000")
set(SHUNT_BATCH_BYTES "0x1000000")
set(SHUNT_ARENA_BYTES "1048576")
set(SHUNT_STAGING_BYTES "262144")
set(SHUNT_STACK_BYTES "65536")
