// SPDX-License-Identifier: Apache-2.0
#include "mailbox.h"

#include <stdbool.h>

#include "../cortex-a/cortex_a.h"
#include "raspi_map.h"
#include "shunt_board.h"
#include "shunt_port.h"

#define MAILBOX_READ RASPI_REGISTER(RASPI_MAILBOX_BASE)
#define MAILBOX_STATUS RASPI_REGISTER(RASPI_MAILBOX_BASE + 0x18)
#define MAILBOX_WRITE RASPI_REGISTER(RASPI_MAILBOX_BASE + 0x20)

enum {
    STATUS_FULL = 1u << 31,
    STATUS_EMPTY = 1u << 30,
    CHANNEL_PROPERTIES = 8,
    CHANNEL_MASK = 15,
    ANSWERED = 1u << 31,
    TAG_GET_CLOCK = 0x00030002,
    TAG_SET_CLOCK = 0x00038002,
    WAIT_TICKS = SHUNT_TIMER_HZ / 10
};

#define UNCACHED_ALIAS 0xC0000000u // of memory, as the video core sees it

// A message with one tag, filled up to a cache line so that nothing else shares it.
typedef struct message {
    uint32_t bytes, code;
    uint32_t tag, value_bytes, value_code;
    uint32_t value[3];
    uint32_t end;
    uint32_t unused[7];
} message_t;

static bool is_over(uint64_t start) {
    return shunt_port_ticks() - start >= WAIT_TICKS;
}

/// Hands a message to the video core's firmware and waits for its answer.
/// @return false if none comes within 100 ms, or a refusal.
static bool exchange(message_t *message) {
    const uint32_t request = (uint32_t)(uintptr_t)message | UNCACHED_ALIAS | CHANNEL_PROPERTIES;
    const uint64_t start = shunt_port_ticks();
    shunt_cortex_a_flush(message, sizeof *message);
    while ((MAILBOX_STATUS & STATUS_FULL) != 0) {
        if (is_over(start)) {
            return false;
        }
    }
    MAILBOX_WRITE = request;
    uint32_t answer = 0;
    while (answer != request) { // others are somebody else's, or late
        while ((MAILBOX_STATUS & STATUS_EMPTY) != 0) {
            if (is_over(start)) {
                return false;
            }
        }
        answer = MAILBOX_READ;
    }
    shunt_cortex_a_flush(message, sizeof *message);
    return message->code == ANSWERED;
}

static bool ask(uint32_t tag, raspi_clock_t clock, uint32_t *hz) {
    static message_t message __attribute__((aligned(64)));
    message = (message_t){.bytes = sizeof message,
                          .tag = tag,
                          .value_bytes = sizeof message.value,
                          .value = {(uint32_t)clock, *hz, 0}};
    const bool is_answered = exchange(&message);
    *hz = message.value[1];
    return is_answered;
}

uint32_t shunt_raspi_set_clock(raspi_clock_t clock, uint32_t hz) {
    // The answer to the first is the rate asked for on some firmware versions: ask again.
    if (!ask(TAG_SET_CLOCK, clock, &hz) || !ask(TAG_GET_CLOCK, clock, &hz)) {
        return 0;
    }
    return hz;
}
