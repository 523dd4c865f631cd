# SPDX-License-Identifier: Apache-2.0
#
# Proves that a program has no instruction outside Armv6-M (DDI 0419, A5):
#
#   cmake -DELF=<file> -DOBJDUMP=<arm-none-eabi-objdump> -P require_armv6m.cmake
#
# Fails with the symbol and the instruction otherwise. It judges encodings, not mnemonics, of all that
# the file marks as code; the disassembler only tells code from constants, by the mapping symbols that
# the assembler leaves.

set(listing ${ELF}.disassembly)
execute_process(
  COMMAND ${OBJDUMP} --disassemble ${ELF}
  OUTPUT_FILE ${listing}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${ELF} cannot be disassembled with ${OBJDUMP}")
endif()

# CBZ and CBNZ are b1xx, b3xx, b9xx, bbxx; IT is bfxy with y not 0; b6xx has CPS only; b2xx extends,
# b4xx, b5xx, bcxx, bdxx push and pop, b0xx moves SP, baxx reverses, bexx and bfx0 are hints.
set(forbidden_16 "b[139b][0-9a-f][0-9a-f]|b[78][0-9a-f][0-9a-f]|bf[0-9a-f][1-9a-f]")
string(APPEND forbidden_16 "|bf[5-9a-f]0|ba[89ab][0-9a-f]|b6[0-589a-f][0-9a-f]")
string(APPEND forbidden_16 "|47[0-9a-f][1-79a-f]") # BXNS, BLXNS
# Of the 32-bit encodings only BL, DSB, DMB, ISB, MRS and MSR.
set(allowed_32 "f[0-7][0-9a-f][0-9a-f] [df][0-9a-f][0-9a-f][0-9a-f]")
string(APPEND allowed_32 "|f3bf 8f[456][0-9a-f]|f3ef 8[0-9a-f][0-9a-f][0-9a-f]")
string(APPEND allowed_32 "|f38[0-9a-f] 88[0-9a-f][0-9a-f]")

set(any_32 "[0-9a-f][0-9a-f][0-9a-f][0-9a-f] [0-9a-f][0-9a-f][0-9a-f][0-9a-f]")
file(STRINGS ${listing} lines REGEX
     "^[0-9a-f]+ <|^ *[0-9a-f]+:\t(${any_32}|${forbidden_16}) *\t|UNDEFINED")
file(STRINGS ${listing} instructions REGEX "^ *[0-9a-f]+:\t")
list(LENGTH instructions count)
if(count EQUAL 0)
  message(FATAL_ERROR "${ELF} has no code")
endif()

set(symbol "no symbol")
set(found 0)
foreach(line IN LISTS lines)
  if(line MATCHES "^[0-9a-f]+ <(.*)>:")
    set(symbol ${CMAKE_MATCH_1})
  elseif(line MATCHES "\t\\.(word|short|byte)\t" AND NOT line MATCHES "UNDEFINED")
    # A constant.
  elseif(NOT line MATCHES "^ *[0-9a-f]+:\t(${allowed_32}) *\t")
    string(STRIP "${line}" text)
    string(REPLACE "\t" " " text "${text}")
    message(SEND_ERROR "${symbol}: '${text}' is not an instruction of Armv6-M")
    math(EXPR found "${found} + 1")
  endif()
endforeach()
file(REMOVE ${listing})
if(found GREATER 0)
  get_filename_component(name ${ELF} NAME)
  message(FATAL_ERROR "${name} has ${found} instructions that a Cortex-M0 does not execute")
endif()
