// SPDX-License-Identifier: Apache-2.0
//
// Functions in assembly: how they begin and end.
#ifndef SHUNT_PORTABLE_SYMBOL_H
#define SHUNT_PORTABLE_SYMBOL_H

#include "shunt_kernel.h"

#define SHUNT_TEXT_(text) #text
#define SHUNT_TEXT(text) SHUNT_TEXT_(text)

/// Begins the function `symbol` in a section of its own, which the linker drops if nobody calls it.
#define SHUNT_ASM_BEGIN(symbol)                                                                    \
    ".syntax unified\n"                                                                            \
    ".pushsection .text." SHUNT_TEXT(                                                              \
        symbol) ", \"ax\", %progbits\n"                                                            \
                ".balign 4\n"                                                                      \
                ".global " SHUNT_TEXT(symbol) "\n"                                                 \
                                              ".type " SHUNT_TEXT(                                 \
                                                  symbol) ", %function\n"                          \
                                                          ".thumb_func\n" SHUNT_TEXT(symbol) ":\n"

/// Ends it.
#define SHUNT_ASM_END(symbol)                                                                      \
    ".size " SHUNT_TEXT(symbol) ", . - " SHUNT_TEXT(symbol) "\n"                                   \
                                                            ".popsection\n"

#endif
