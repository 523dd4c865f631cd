// SPDX-License-Identifier: Apache-2.0
//
// Bytes on the line into the agent. The input is a script, so that most of it gets past framing and
// session: an operation, then what it needs. The agent may answer what it likes; it must neither
// leave its memory (sanitizers), nor hang, nor forget a committed blob.
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "shunt_agent.h"
#include "test_blob.h"
#include "test_port.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SESSION = 77, ARENA_BYTES = TEST_ARENA_BYTES, STAGING_BYTES = TEST_ELEMENTS };

static _Alignas(16) uint8_t arena[ARENA_BYTES];
static uint8_t staging[STAGING_BYTES];
static shunt_agent_t agent;
static volatile uint16_t sequence;

static const shunt_agent_config_t config = {
    .board_id = "fuzz",
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
    .tick_hz = 1000, // so that a minute of baseline is few readings of the test port's clock
    .window = 4,
};

typedef struct script {
    const uint8_t *bytes;
    size_t count;
} script_t;

static uint8_t take(script_t *script) {
    if (script->count == 0) {
        return 0;
    }
    script->count--;
    return *script->bytes++;
}

static const uint8_t *take_many(script_t *script, size_t *count) {
    const uint8_t *start = script->bytes;
    if (*count > script->count) {
        *count = script->count;
    }
    script->bytes += *count;
    script->count -= *count;
    return start;
}

static void deliver(const uint8_t *bytes, size_t count) {
    test_port.received = bytes;
    test_port.received_bytes = count;
    if (setjmp(test_port.on_reset) != 0) {
        shunt_agent_init(&agent, &config);
    }
    while (test_port.received_bytes > 0) {
        shunt_agent_poll(&agent);
    }
}

static void request(shunt_link_command_t command, const uint8_t *payload, size_t count) {
    static uint8_t frame[SHUNT_LINK_MAX_FRAME];
    const shunt_link_header_t header = {.type = SHUNT_LINK_REQUEST,
                                        .command = (uint8_t)command,
                                        .sequence = sequence,
                                        .session = SESSION,
                                        .payload_bytes = (uint16_t)count};
    deliver(frame, shunt_link_encode(&header, payload, frame));
}

static void open_session(void) {
    const uint8_t payload[] = {1, 0, 1, 0, SESSION, 0};
    sequence++;
    request(SHUNT_CMD_HELLO, payload, sizeof payload);
}

static void put(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

/// The whole way of a good blob, up to an opened model.
static void send_model(uint32_t flags) {
    _Alignas(16) uint8_t piece[4 + TEST_BLOB_BYTES + 12];
    uint8_t *blob = piece + 16;
    test_blob_make(flags & SHUNT_BLOB_INPUT_SURVIVES, blob);
    uint8_t begin[12] = {0};
    put(begin, TEST_BLOB_BYTES);
    put(begin + 4, shunt_crc32(0, blob, TEST_BLOB_BYTES));
    sequence++;
    request(SHUNT_CMD_SLOT_BEGIN, begin, sizeof begin);
    put(blob - 4, 0);
    sequence++;
    request(SHUNT_CMD_SLOT_WRITE, blob - 4, 4 + TEST_BLOB_BYTES);
    sequence++;
    request(SHUNT_CMD_SLOT_COMMIT, NULL, 0);
    sequence++;
    request(SHUNT_CMD_MODEL_OPEN, NULL, 0);
}

/// A request whose numbers are small more often than not.
static void any_request(script_t *script) {
    static const uint8_t codes[] = {1,    2,    3,    4,    5,    6,    0x10, 0x11,
                                    0x12, 0x13, 0x14, 0x20, 0x21, 0x22, 0x23, 0x24,
                                    0x25, 0x26, 0x27, 0x28, 0x30, 0x31, 0x32, 0x99};
    const uint8_t code = codes[take(script) % sizeof codes];
    const uint8_t shape = take(script);
    uint8_t payload[SHUNT_LINK_MAX_PAYLOAD] = {0};
    size_t count = shape % 8 * 4;
    for (size_t i = 0; i + 4 <= count; i += 4) {
        const uint8_t low = take(script);
        uint32_t value = low < 0x80 ? low % 4 : low;
        if (low >= 0xC0) { // large, or near the sizes that there are
            const uint32_t near[] = {TEST_ELEMENTS,    TEST_BLOB_BYTES, TEST_SLOT_BYTES,
                                     TEST_BATCH_BYTES, UINT32_MAX,      0x80000000u};
            value = near[low % 6] + take(script) - 4u;
        }
        if (code == SHUNT_CMD_RUN && i == 0) {
            value %= 6; // a million inferences are legal and long
        }
        put(payload + i, value);
    }
    if (code == SHUNT_CMD_BATCH_RUN && shape < 0x80) { // rows of the right size, or none ever runs
        put(payload + 8, TEST_ELEMENTS);
        put(payload + 12, TEST_ELEMENTS);
        put(payload + 20, shape >> 3 & 7);
        count = 24;
    }
    size_t more = shape >= 0xC0 ? 600 : shape / 8 % 8;
    if (code == SHUNT_CMD_BATCH_RUN || shape % 4 == 0) {
        more = 0; // commands of fixed size take no more
    }
    const uint8_t *tail = take_many(script, &more);
    memcpy(payload + count, tail, more);
    count += more;
    sequence = (uint16_t)(sequence + (shape & 1) - (shape == 2 ? 3 : 0)); // and late copies
    request((shunt_link_command_t)code, payload, count);
}

static void step(script_t *script) {
    const uint8_t operation = take(script);
    size_t count = operation;
    switch (operation % 8) {
    case 0: {
        const uint8_t *raw = take_many(script, &count);
        deliver(raw, count);
        break;
    }
    case 1:
        open_session();
        break;
    case 2:
        send_model(take(script));
        break;
    case 3: { // what a loader may leave behind
        const size_t at = (size_t)take(script) * 16;
        const uint8_t *raw = take_many(script, &count);
        memcpy(test_port_slots() + at, raw, count);
        shunt_agent_init(&agent, &config); // loaders work while the board is held in reset
        open_session();
        break;
    }
    default:
        any_request(script);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool prepared;
    if (!prepared) { // the flash lives on from input to input, as on a board
        test_port_fill_flash(0xFF);
        prepared = true;
    }
    test_port_restart();
    shunt_agent_init(&agent, &config);
    open_session();
    script_t script = {data, size};
    while (script.count > 0) {
        step(&script);
    }
    // Alive, and what it says is the newest blob is what a reset finds.
    open_session();
    if (agent.session != SESSION) {
        abort();
    }
    const shunt_slots_blob_t newest = shunt_slots_newest(&agent.slots);
    shunt_slots_t found;
    shunt_slots_init(&found, shunt_port_flash());
    const shunt_slots_blob_t after = shunt_slots_newest(&found);
    if (newest.blob != NULL && shunt_crc32(0, newest.blob, newest.bytes) == newest.crc &&
        (after.blob != newest.blob || after.bytes != newest.bytes)) {
        abort();
    }
    return 0;
}
