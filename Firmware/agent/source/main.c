// SPDX-License-Identifier: Apache-2.0
//
// The agent as firmware: everything that the board file says, put together.
#include "shunt_agent.h"
#include "shunt_board.h"
#include "shunt_board_kernels.h"
#include "shunt_firmware.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

// What INFO says: fourteen numbers, four texts, the kernels (Docs/spec/link-protocol.md).
_Static_assert(14 * 4 + sizeof SHUNT_BOARD_ID + sizeof SHUNT_CORE + sizeof SHUNT_BUILD_ID +
                       sizeof COMPILER + 2 + 4 * SHUNT_BOARD_KERNEL_COUNT <=
                   SHUNT_LINK_MAX_PAYLOAD,
               "INFO does not fit into a frame: raise link.payload_bytes, or link fewer kernels");

#define BUFFER __attribute__((section(".buffers"), aligned(16)))

static uint8_t arena[SHUNT_ARENA_BYTES] BUFFER;
static uint8_t staging[SHUNT_STAGING_BYTES] BUFFER;

static shunt_agent_config_t config = {
    .board_id = SHUNT_BOARD_ID,
    .core = SHUNT_CORE,
    .build_id = SHUNT_BUILD_ID,
    .compiler = COMPILER,
    .kernels = &shunt_board_kernels,
    .arena = arena,
    .staging = staging,
    .arena_bytes = sizeof arena,
    .staging_bytes = sizeof staging,
    .stack_bytes = SHUNT_STACK_BYTES,
    .clock_hz = SHUNT_CLOCK_HZ,
    .tick_hz = SHUNT_TIMER_HZ,
    .window = SHUNT_LINK_WINDOW,
};

_Noreturn void shunt_firmware_main(void) {
    static shunt_agent_t agent;
    shunt_port_init();
    config.ticks_are_emulated = shunt_port_ticks_are_emulated();
    shunt_agent_init(&agent, &config);
    for (;;) {
        shunt_agent_poll(&agent);
    }
}
