// SPDX-License-Identifier: Apache-2.0
//
// Marks: what a power meter and the instruction counter see of the firmware. Any firmware may use
// them; it needs this header, Firmware/ports/source/mark.c and shunt_port_trigger_write.
//
//     shunt_mark(SHUNT_PHASE_INFERENCE);
//     shunt_run(&model);
//     shunt_mark(SHUNT_PHASE_IDLE);
//
// On the pins a phase is a Gray code (shunt_link.h, shunt_phase_t). The instruction counter hooks
// the first instruction of the shunt_trigger_... functions, found in the ELF file's symbol table:
// each is a function of its own and stays one under any optimization.
#ifndef SHUNT_MARK_H
#define SHUNT_MARK_H

#include <stdint.h>

#include "shunt_link.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Phase IDLE begins.
void shunt_trigger_idle(void);

/// Phase INFERENCE begins.
void shunt_trigger_inference(void);

/// Phase BETWEEN begins.
void shunt_trigger_between(void);

/// Phase BASELINE begins.
void shunt_trigger_baseline(void);

/// The next step of a profiled inference begins, or the last one has ended: toggles pin 2.
void shunt_trigger_step(void);

/// Announces that a phase begins. With a constant argument this is one call.
static inline void shunt_mark(shunt_phase_t phase) {
    switch (phase) {
    case SHUNT_PHASE_INFERENCE:
        shunt_trigger_inference();
        break;
    case SHUNT_PHASE_BETWEEN:
        shunt_trigger_between();
        break;
    case SHUNT_PHASE_BASELINE:
        shunt_trigger_baseline();
        break;
    default:
        shunt_trigger_idle();
        break;
    }
}

#ifdef __cplusplus
}
#endif
#endif
