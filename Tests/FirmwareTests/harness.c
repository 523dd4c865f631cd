// SPDX-License-Identifier: Apache-2.0
#include "agent_harness.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>

#include "shunt_agent.h"
#include "shunt_blob.h"
#include "test_blob.h"
#include "test_port.h"

_Static_assert(HARNESS_MODEL_BYTES == TEST_BLOB_BYTES, "one model");
_Static_assert(HARNESS_TENSOR_BYTES == TEST_ELEMENTS, "one model");

static _Alignas(16) uint8_t arena[TEST_ARENA_BYTES];
static uint8_t staging[TEST_ELEMENTS];
static shunt_agent_t agent;

static const shunt_agent_config_t config = {
    .board_id = "harness",
    .core = "none",
    .build_id = "0",
    .compiler = "cc",
    .kernels = &test_kernels,
    .arena = arena,
    .staging = staging,
    .arena_bytes = sizeof arena,
    .staging_bytes = sizeof staging,
    .stack_bytes = 65536,
    .clock_hz = 1000000,
    .tick_hz = TEST_TICK_HZ,
    .window = 4,
};

void harness_start(void) {
    test_port_fill_flash(0xFF);
    harness_reset();
}

void harness_reset(void) {
    test_port_restart();
    shunt_agent_init(&agent, &config);
}

/// Takes what the agent has sent.
static size_t collect(uint8_t *answer, size_t capacity) {
    const size_t count = test_port.sent_bytes < capacity ? test_port.sent_bytes : capacity;
    memcpy(answer, test_port.sent, count);
    test_port.sent_bytes = 0;
    return count;
}

size_t harness_exchange(const uint8_t *bytes, size_t count, uint8_t *answer, size_t capacity) {
    static size_t taken; // not a local variable: longjmp would spoil it
    taken = 0;
    test_port.received = bytes;
    test_port.received_bytes = count;
    if (setjmp(test_port.on_reset) != 0) {
        // The rest of what is on the line meets the rebooted board.
        shunt_agent_init(&agent, &config);
    }
    while (test_port.received_bytes > 0) {
        shunt_agent_poll(&agent);
        taken += collect(answer + taken, capacity - taken);
    }
    return taken + collect(answer + taken, capacity - taken);
}

void harness_make_model(int survives, uint8_t salt, uint8_t *bytes) {
    static _Alignas(16) uint8_t blob[TEST_BLOB_BYTES];
    test_blob_make(survives != 0 ? SHUNT_BLOB_INPUT_SURVIVES : 0, blob);
    blob[offsetof(shunt_blob_header_t, graph_sha256)] = salt;
    const uint32_t crc =
        shunt_crc32(0, blob + SHUNT_BLOB_CRC_START, TEST_BLOB_BYTES - SHUNT_BLOB_CRC_START);
    memcpy(blob + offsetof(shunt_blob_header_t, crc32), &crc, sizeof crc);
    memcpy(bytes, blob, TEST_BLOB_BYTES);
}
