// SPDX-License-Identifier: Apache-2.0
//
// What footprint.c is compared with: start-up and nothing else.
#include "shunt_firmware.h"

_Noreturn void shunt_firmware_main(void) {
    for (;;) {
    }
}
