// SPDX-License-Identifier: Apache-2.0
#include "shunt_mark.h"

#include "shunt_port.h"

// The entry of each function is a mark, so none may be inlined, cloned, merged with another or
// dropped.
#if defined(__clang__)
#define MARK __attribute__((noinline, used))
#else
#define MARK __attribute__((noinline, noclone, no_icf, used, externally_visible))
#endif

enum {
    PINS_IDLE = 0,      // 00
    PINS_INFERENCE = 1, // 01
    PINS_BETWEEN = 3,   // 11
    PINS_BASELINE = 2,  // 10
    PIN_STEP = 4        // a pin of its own, toggled by steps
};

static uint32_t step_pin;

MARK void shunt_trigger_idle(void) {
    step_pin = 0;
    shunt_port_trigger_write(PINS_IDLE);
}

MARK void shunt_trigger_inference(void) {
    shunt_port_trigger_write(PINS_INFERENCE);
}

MARK void shunt_trigger_between(void) {
    shunt_port_trigger_write(PINS_BETWEEN);
}

MARK void shunt_trigger_baseline(void) {
    shunt_port_trigger_write(PINS_BASELINE);
}

MARK void shunt_trigger_step(void) {
    step_pin ^= PIN_STEP;
    shunt_port_trigger_write(PINS_INFERENCE | step_pin);
}
