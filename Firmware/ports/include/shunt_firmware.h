// SPDX-License-Identifier: Apache-2.0
#ifndef SHUNT_FIRMWARE_H
#define SHUNT_FIRMWARE_H

#ifdef __cplusplus
extern "C" {
#endif

/// The firmware. A port calls it when variables have their initial values, before shunt_port_init;
/// the agent defines it.
_Noreturn void shunt_firmware_main(void);

#ifdef __cplusplus
}
#endif
#endif
