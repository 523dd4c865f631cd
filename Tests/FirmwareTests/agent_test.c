// SPDX-License-Identifier: Apache-2.0
//
// The agent against Docs/spec/link-protocol.md, over a port without a board.
#include <string.h>

#include "check.h"
#include "shunt_agent.h"
#include "test_blob.h"
#include "test_port.h"

enum { SESSION = 77, ARENA_BYTES = 4096, STAGING_BYTES = 2048 };

static _Alignas(16) uint8_t arena[ARENA_BYTES];
static uint8_t staging[STAGING_BYTES];
static shunt_agent_t agent;
static uint16_t sequence;

static shunt_agent_config_t config = {
    .board_id = "test",
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

/// A payload under construction, or a received one.
typedef struct payload {
    uint8_t bytes[SHUNT_LINK_MAX_PAYLOAD];
    uint32_t count;
} payload_t;

typedef struct response {
    bool present;
    shunt_link_header_t header;
    payload_t payload;
} response_t;

static void add(payload_t *payload, uint64_t value, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i++) {
        payload->bytes[payload->count++] = (uint8_t)(value >> (8 * i));
    }
}

static void add_bytes(payload_t *payload, const uint8_t *bytes, uint32_t count) {
    memcpy(payload->bytes + payload->count, bytes, count);
    payload->count += count;
}

static uint64_t get(const payload_t *payload, uint32_t offset, uint32_t bytes) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        value |= (uint64_t)payload->bytes[offset + i] << (8 * i);
    }
    return value;
}

static payload_t words(uint32_t count, const uint32_t *values) {
    payload_t payload = {0};
    for (uint32_t i = 0; i < count; i++) {
        add(&payload, values[i], 4);
    }
    return payload;
}

#define WORDS(...)                                                                                 \
    words(sizeof(uint32_t[]){__VA_ARGS__} / sizeof(uint32_t), (uint32_t[]){__VA_ARGS__})

static const payload_t nothing;

/// Lets the agent take these bytes, and returns the last response among what it sent.
static response_t deliver(const uint8_t *bytes, size_t count) {
    test_port.received = bytes;
    test_port.received_bytes = count;
    test_port.sent_bytes = 0;
    while (test_port.received_bytes > 0) {
        shunt_agent_poll(&agent);
    }
    response_t response = {0};
    static shunt_link_receiver_t receiver;
    shunt_link_receiver_init(&receiver);
    for (size_t i = 0; i < test_port.sent_bytes; i++) {
        const uint8_t *payload;
        if (shunt_link_receive(&receiver, test_port.sent[i], &response.header, &payload)) {
            response.present = true;
            response.payload.count = response.header.payload_bytes;
            memcpy(response.payload.bytes, payload, response.header.payload_bytes);
        }
    }
    return response;
}

static response_t ask_as(uint16_t session, uint16_t number, shunt_link_command_t command,
                         payload_t payload) {
    static uint8_t frame[SHUNT_LINK_MAX_FRAME];
    const shunt_link_header_t header = {.type = SHUNT_LINK_REQUEST,
                                        .command = (uint8_t)command,
                                        .sequence = number,
                                        .session = session,
                                        .payload_bytes = (uint16_t)payload.count};
    const response_t response = deliver(frame, shunt_link_encode(&header, payload.bytes, frame));
    CHECK(!response.present ||
          (response.header.type == SHUNT_LINK_RESPONSE && response.header.sequence == number &&
           response.header.command == command));
    return response;
}

static response_t ask(shunt_link_command_t command, payload_t payload) {
    return ask_as(SESSION, ++sequence, command, payload);
}

static int status_of(shunt_link_command_t command, payload_t payload) {
    const response_t response = ask(command, payload);
    return response.present ? response.header.status : 1;
}

static response_t hello(uint16_t session, uint16_t number) {
    payload_t payload = {0};
    add(&payload, 1, 2);
    add(&payload, 3, 2);
    add(&payload, session, 2);
    return ask_as(0, number, SHUNT_CMD_HELLO, payload);
}

static void power_on(void) {
    test_port_restart();
    shunt_agent_init(&agent, &config);
}

/// A board with an empty region, and a session.
static void start(void) {
    test_port_fill_flash(0xFF);
    test_port.resets = 0;
    config.staging_bytes = sizeof staging;
    power_on();
    CHECK(hello(SESSION, ++sequence).header.status == SHUNT_LINK_OK);
}

/// Sends a blob through the slot commands.
static void send_blob(uint32_t flags) {
    _Alignas(16) uint8_t blob[TEST_BLOB_BYTES];
    test_blob_make(flags, blob);
    const uint32_t crc = shunt_crc32(0, blob, sizeof blob);
    CHECK(status_of(SHUNT_CMD_SLOT_BEGIN, WORDS(sizeof blob, crc, 0)) == 0);
    for (uint32_t at = 0; at < sizeof blob; at += 200) {
        const uint32_t left = (uint32_t)sizeof blob - at;
        payload_t payload = WORDS(at);
        add_bytes(&payload, blob + at, left < 200 ? left : 200);
        CHECK(status_of(SHUNT_CMD_SLOT_WRITE, payload) == 0);
    }
    const response_t response = ask(SHUNT_CMD_SLOT_COMMIT, nothing);
    CHECK(response.header.status == 0 && get(&response.payload, 0, 4) == crc);
}

static void start_with_model(uint32_t flags) {
    start();
    send_blob(flags);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
}

static void write_inputs(uint8_t first) {
    for (uint32_t at = 0; at < TEST_ELEMENTS; at += 500) {
        payload_t payload = WORDS(0, at);
        for (uint32_t i = 0; i < 500; i++) {
            add(&payload, (uint8_t)(first + at + i), 1);
        }
        CHECK(status_of(SHUNT_CMD_INPUT_WRITE, payload) == 0);
    }
}

static response_t read_output(uint32_t offset, uint32_t count) {
    payload_t payload = {0};
    add(&payload, 0, 2);
    add(&payload, count, 2);
    add(&payload, offset, 4);
    return ask(SHUNT_CMD_OUTPUT_READ, payload);
}

/// Whether the output is the input that started with `first`, once through the model.
static bool output_follows(uint8_t first) {
    for (uint32_t at = 0; at < TEST_ELEMENTS; at += 750) {
        const response_t response = read_output(at, 750);
        if (response.header.status != 0 || response.payload.count != 750) {
            return false;
        }
        for (uint32_t i = 0; i < 750; i++) {
            if (response.payload.bytes[i] != (uint8_t)(first + at + i + TEST_STEPS)) {
                return false;
            }
        }
    }
    return true;
}

// Sessions and repetition.

static void a_board_without_session_refuses_all_but_hello(void) {
    start();
    power_on();
    const response_t response = ask(SHUNT_CMD_ECHO, nothing);
    CHECK(response.header.status == SHUNT_LINK_ERR_SESSION && response.header.session == 0);
    const response_t opened = hello(5, 1);
    CHECK(opened.header.status == 0 && opened.header.session == 5);
    CHECK(get(&opened.payload, 0, 2) == 1 && get(&opened.payload, 2, 2) == 1024);
    CHECK(get(&opened.payload, 4, 2) == 4 && get(&opened.payload, 6, 2) == 5);
    const response_t other = ask_as(6, 2, SHUNT_CMD_ECHO, nothing);
    CHECK(other.header.status == SHUNT_LINK_ERR_SESSION && other.header.session == 5);
}

static void hello_names_the_versions_if_none_is_common(void) {
    start();
    payload_t payload = {0};
    add(&payload, 2, 2);
    add(&payload, 9, 2);
    add(&payload, 1, 2);
    const response_t response = ask(SHUNT_CMD_HELLO, payload);
    CHECK(response.header.status == SHUNT_LINK_ERR_PAYLOAD && response.payload.count == 4);
    CHECK(get(&response.payload, 0, 2) == 1 && get(&response.payload, 2, 2) == 1);
    CHECK(hello(0, 3).header.status == SHUNT_LINK_ERR_PAYLOAD);
}

static void a_repeated_hello_forgets_nothing_and_a_new_one_everything(void) {
    start_with_model(0);
    hello(SESSION, agent.hello_sequence);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == 0);
    hello(SESSION, (uint16_t)(agent.hello_sequence + 1));
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == SHUNT_LINK_ERR_STATE);
}

static void a_once_request_sent_again_is_executed_once(void) {
    start_with_model(0);
    const uint16_t number = ++sequence;
    const response_t first = ask_as(SESSION, number, SHUNT_CMD_RUN, WORDS(3, 0, 0));
    const response_t again = ask_as(SESSION, number, SHUNT_CMD_RUN, WORDS(3, 0, 0));
    CHECK(memcmp(&first, &again, sizeof first) == 0);
    CHECK(agent.inferences == 3 && agent.repeated == 1);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(3, 0, 0)) == 0);
    CHECK(agent.inferences == 6);
    const response_t counters = ask(SHUNT_CMD_COUNTERS, nothing);
    CHECK(counters.payload.count == 28 && get(&counters.payload, 16, 4) == 1 &&
          get(&counters.payload, 20, 4) == 6);
}

static void a_request_from_before_the_last_once_request_is_dropped(void) {
    start_with_model(0);
    const uint16_t late = ++sequence;
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == 0);
    CHECK(!ask_as(SESSION, late, SHUNT_CMD_ECHO, nothing).present);
    CHECK(!ask_as(SESSION, late, SHUNT_CMD_RUN, WORDS(1, 0, 0)).present);
    CHECK(agent.inferences == 1);
    // Far ahead, numbers wrap: nothing looks late any more.
    sequence = (uint16_t)(sequence + 0x4000);
    CHECK(ask_as(SESSION, sequence, SHUNT_CMD_ECHO, nothing).present);
    sequence = (uint16_t)(sequence + 0x4001);
    CHECK(ask_as(SESSION, sequence, SHUNT_CMD_ECHO, nothing).present);
}

static void a_write_from_before_a_fence_is_dropped(void) {
    start();
    const uint16_t late = ++sequence;
    CHECK(ask_as(SESSION, late, SHUNT_CMD_BATCH_WRITE, WORDS(0, 0x01010101)).present);
    CHECK(status_of(SHUNT_CMD_FENCE, WORDS(1)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_FENCE, nothing) == 0);
    CHECK(status_of(SHUNT_CMD_BATCH_WRITE, WORDS(0, 0x02020202)) == 0);
    CHECK(!ask_as(SESSION, late, SHUNT_CMD_BATCH_WRITE, WORDS(0, 0x01010101)).present);
    uint32_t bytes, address;
    const uint8_t *batch = shunt_port_batch(&bytes, &address);
    CHECK(batch[0] == 2 && batch[3] == 2);
}

static void damaged_frames_are_dropped_and_counted(void) {
    start();
    const shunt_link_header_t header = {.type = SHUNT_LINK_REQUEST,
                                        .command = SHUNT_CMD_ECHO,
                                        .session = SESSION,
                                        .payload_bytes = 3};
    uint8_t frame[64];
    const size_t bytes = shunt_link_encode(&header, "abc", frame);
    for (size_t i = 1; i < bytes - 1; i++) {
        for (int bit = 0; bit < 8; bit++) {
            frame[i] ^= (uint8_t)(1 << bit);
            CHECK(!deliver(frame, bytes).present);
            frame[i] ^= (uint8_t)(1 << bit);
            CHECK(deliver(frame, bytes).present);
        }
    }
    CHECK(agent.receiver.crc_errors > 0 && agent.receiver.format_errors > 0);
}

static void an_unknown_command_is_named(void) {
    start();
    CHECK(status_of((shunt_link_command_t)0x7F, nothing) == SHUNT_LINK_ERR_COMMAND);
}

static void a_reset_follows_the_response_to_reboot(void) {
    start();
    response_t response = {0};
    if (setjmp(test_port.on_reset) == 0) {
        ask(SHUNT_CMD_REBOOT, nothing);
        CHECK(false); // the reset does not return
    }
    CHECK(test_port.sent_bytes > 0 && test_port.resets == 1);
    power_on();
    response = ask(SHUNT_CMD_ECHO, nothing);
    CHECK(response.header.status == SHUNT_LINK_ERR_SESSION);
    response = hello(SESSION, ++sequence);
    CHECK(get(&response.payload, 8, 4) == 1);
}

static void a_host_that_takes_nothing_does_not_stop_the_agent(void) {
    start();
    test_port.host_is_deaf = true;
    CHECK(!ask(SHUNT_CMD_ECHO, nothing).present);
    test_port.host_is_deaf = false;
    CHECK(ask(SHUNT_CMD_ECHO, nothing).present);
}

static void info_says_what_the_board_is(void) {
    start();
    const response_t response = ask(SHUNT_CMD_INFO, nothing);
    const uint8_t texts[] = {4,   't', 'e', 's', 't', 4, 'n', 'o', 'n', 'e', 1,
                             '0', 2,   'c', 'c', 1,   0, 200, 0,   1,   1};
    CHECK(response.header.status == 0 && response.payload.count == 56 + sizeof texts);
    CHECK(get(&response.payload, 8, 4) == ARENA_BYTES);
    CHECK(get(&response.payload, 12, 4) == 0x1000 && get(&response.payload, 16, 4) == 16384);
    CHECK(memcmp(response.payload.bytes + 56, texts, sizeof texts) == 0);
}

// Blobs.

static void a_blob_sent_is_there_after_a_reset(void) {
    start();
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == SHUNT_LINK_ERR_STATE);
    send_blob(0);
    power_on();
    hello(SESSION, ++sequence);
    const response_t response = ask(SHUNT_CMD_MODEL_OPEN, nothing);
    CHECK(response.header.status == 0 && response.payload.count == 52);
    CHECK(get(&response.payload, 0, 4) == TEST_ARENA_BYTES);
    CHECK(get(&response.payload, 4, 4) == TEST_ELEMENTS);
    CHECK(get(&response.payload, 8, 4) == TEST_STEPS);
    CHECK(get(&response.payload, 16, 4) == TEST_BLOB_BYTES);
    CHECK(get(&response.payload, 20, 4) == 0x030201);
    payload_t payload = WORDS(0);
    add(&payload, 8, 2);
    const response_t start_of_blob = ask(SHUNT_CMD_SLOT_READ, payload);
    CHECK(memcmp(start_of_blob.payload.bytes, "SHUNTBLB", 8) == 0);
    payload = WORDS(TEST_BLOB_BYTES - 7);
    add(&payload, 8, 2);
    CHECK(status_of(SHUNT_CMD_SLOT_READ, payload) == SHUNT_LINK_ERR_RANGE);
}

static void a_transfer_keeps_the_old_blob_until_commit(void) {
    start();
    send_blob(0);
    CHECK(status_of(SHUNT_CMD_SLOT_BEGIN, WORDS(64, 0, 0)) == 0);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
    CHECK(status_of(SHUNT_CMD_SLOT_COMMIT, nothing) == SHUNT_LINK_ERR_VERIFY);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
    const response_t response = ask(SHUNT_CMD_SLOT_BEGIN, WORDS(15000, 0, 0));
    CHECK(response.header.status == SHUNT_LINK_ERR_TOO_BIG && get(&response.payload, 0, 4) == 7936);
    CHECK(status_of(SHUNT_CMD_SLOT_BEGIN, WORDS(15000, 0, 1)) == 0);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == SHUNT_LINK_ERR_STATE);
}

static void a_loaded_blob_is_attached_for_the_session(void) {
    start();
    test_blob_make(0, test_port_slots() + 1024);
    const response_t response = ask(SHUNT_CMD_SLOT_ATTACH, WORDS(1024, TEST_BLOB_BYTES));
    CHECK(response.header.status == 0);
    CHECK(get(&response.payload, 0, 4) ==
          shunt_crc32(0, test_port_slots() + 1024, TEST_BLOB_BYTES));
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
    CHECK(status_of(SHUNT_CMD_SLOT_ATTACH, WORDS(1000, 16)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_SLOT_ATTACH, WORDS(16384, 16)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_SLOT_ATTACH, WORDS(16, 0xFFFFFFF0)) == SHUNT_LINK_ERR_RANGE);
    hello(SESSION, ++sequence);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == SHUNT_LINK_ERR_STATE);
}

static void a_transfer_cannot_write_below_an_attached_model(void) {
    start();
    CHECK(status_of(SHUNT_CMD_SLOT_BEGIN, WORDS(2048, 0, 0)) == 0);
    test_blob_make(0, test_port_slots());
    CHECK(status_of(SHUNT_CMD_SLOT_ATTACH, WORDS(0, TEST_BLOB_BYTES)) == 0);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
    CHECK(status_of(SHUNT_CMD_SLOT_WRITE, WORDS(1024, 0, 0)) == SHUNT_LINK_ERR_STATE);
    CHECK(status_of(SHUNT_CMD_SLOT_BEGIN, WORDS(2048, 0, 0)) == 0);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == SHUNT_LINK_ERR_STATE);
}

static void garbage_in_the_slot_is_refused_by_the_runtime(void) {
    start();
    CHECK(status_of(SHUNT_CMD_SLOT_ATTACH, WORDS(0, 4096)) == 0);
    const response_t response = ask(SHUNT_CMD_MODEL_OPEN, nothing);
    CHECK(response.header.status == SHUNT_LINK_ERR_MODEL && response.payload.count == 12);
    CHECK((int32_t)get(&response.payload, 0, 4) == SHUNT_ERR_MAGIC);
}

static void a_model_beyond_the_arena_is_refused_with_its_need(void) {
    start();
    config.arena_bytes = TEST_ARENA_BYTES - 16;
    send_blob(0);
    const response_t response = ask(SHUNT_CMD_MODEL_OPEN, nothing);
    config.arena_bytes = sizeof arena;
    CHECK(response.header.status == SHUNT_LINK_ERR_MODEL);
    CHECK((int32_t)get(&response.payload, 0, 4) == SHUNT_ERR_ARENA);
    CHECK(get(&response.payload, 8, 4) == TEST_ARENA_BYTES);
}

// Inferences.

static void inputs_last_over_a_window_and_until_the_next(void) {
    for (uint32_t flags = 0; flags <= SHUNT_BLOB_INPUT_SURVIVES; flags++) {
        start_with_model(flags);
        write_inputs(7);
        CHECK(status_of(SHUNT_CMD_RUN, WORDS(5, 0, 0)) == 0);
        CHECK(output_follows(7));
        CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == 0);
        CHECK(output_follows(7));
        CHECK(status_of(SHUNT_CMD_PROFILE, WORDS(0)) == 0);
        CHECK(output_follows(7));
    }
}

static void without_staging_the_input_serves_one_inference(void) {
    start();
    config.staging_bytes = TEST_ELEMENTS - 1;
    send_blob(0);
    CHECK(status_of(SHUNT_CMD_MODEL_OPEN, nothing) == 0);
    write_inputs(9);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(2, 0, 0)) == SHUNT_LINK_ERR_STATE);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0)) == 0);
    CHECK(output_follows(9));
}

static void a_window_announces_its_phases_and_stays_silent(void) {
    start_with_model(0);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(2, 0, 100)) == 0);
    CHECK(test_port.pin_writes == 0);
    const response_t response = ask(SHUNT_CMD_RUN, WORDS(3, 6, 1000));
    const uint32_t expected[] = {2, 1, 3, 1, 3, 1, 2, 0};
    CHECK(test_port.pin_writes == 8);
    CHECK(memcmp(test_port.pins, expected, sizeof expected) == 0);
    CHECK(!test_port.sent_inside_window && !test_port.interrupts_off);
    const uint64_t one = TEST_STEPS * TEST_STEP_TICKS; // reading the clock does not count
    CHECK(get(&response.payload, 0, 8) == 3 * one);
    CHECK(get(&response.payload, 8, 8) == one && get(&response.payload, 16, 8) == one);
}

static void a_window_without_baseline_ends_idle(void) {
    start_with_model(0);
    ask(SHUNT_CMD_RUN, WORDS(1, 2, 0));
    CHECK(test_port.pin_writes == 2 && test_port.pins[0] == 1 && test_port.pins[1] == 0);
}

static void the_stack_of_an_inference_is_measured(void) {
    start_with_model(0);
    const response_t response = ask(SHUNT_CMD_RUN, WORDS(1, 0, 0));
    const uint64_t stack = get(&response.payload, 24, 4);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(stack >= TEST_STACK_BYTES && stack < TEST_STACK_BYTES + 1500);
#else
    CHECK(stack < 65536); // the sanitizer moves variables off the stack
#endif
}

static void absurd_windows_are_refused(void) {
    start_with_model(0);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(0, 0, 0)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1000001, 0, 0)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 60000001)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 8, 0)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_RUN, WORDS(1, 0, 0, 0)) == SHUNT_LINK_ERR_PAYLOAD);
}

static payload_t profile_range(uint32_t first, uint32_t count) {
    payload_t payload = WORDS(first);
    add(&payload, count, 2);
    return payload;
}

static void a_profile_times_every_step(void) {
    start_with_model(0);
    const response_t response = ask(SHUNT_CMD_PROFILE, WORDS(0));
    CHECK(response.header.status == 0 && get(&response.payload, 8, 4) == TEST_STEPS);
    CHECK(test_port.pin_writes == 0);
    CHECK(get(&response.payload, 0, 8) == TEST_STEPS * TEST_STEP_TICKS);
    const response_t times = ask(SHUNT_CMD_PROFILE_READ, profile_range(0, TEST_STEPS));
    CHECK(times.header.status == 0 && times.payload.count == 8 * TEST_STEPS);
    for (uint32_t i = 0; i < TEST_STEPS; i++) {
        CHECK(get(&times.payload, 8 * i, 8) == TEST_STEP_TICKS);
    }
    CHECK(status_of(SHUNT_CMD_PROFILE_READ, profile_range(1, TEST_STEPS)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_PROFILE_READ, profile_range(0, 129)) == SHUNT_LINK_ERR_PAYLOAD);
    CHECK(status_of(SHUNT_CMD_PROFILE, WORDS(4)) == SHUNT_LINK_ERR_PAYLOAD);
}

static void an_announced_profile_marks_every_step_and_the_end(void) {
    start_with_model(0);
    const response_t response = ask(SHUNT_CMD_PROFILE, WORDS(2));
    CHECK(response.header.status == 0 && get(&response.payload, 0, 8) == 0);
    const uint32_t expected[] = {5, 1, 5, 1, 0};
    CHECK(test_port.pin_writes == 5 && memcmp(test_port.pins, expected, sizeof expected) == 0);
}

static void steps_can_be_run_and_tapped_one_by_one(void) {
    start_with_model(0);
    write_inputs(1);
    for (uint32_t step = 0; step < TEST_STEPS; step++) {
        CHECK(status_of(SHUNT_CMD_RUN_STEPS, WORDS(step, 1)) == 0);
        payload_t payload = WORDS(1, 0);
        add(&payload, 1, 2);
        const response_t tap = ask(SHUNT_CMD_TENSOR_READ, payload);
        CHECK(tap.header.status == 0 && tap.payload.bytes[0] == 1 + step + 1);
    }
    CHECK(output_follows(1));
    CHECK(status_of(SHUNT_CMD_RUN_STEPS, WORDS(1, TEST_STEPS)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_RUN_STEPS, WORDS(2, UINT32_MAX)) == SHUNT_LINK_ERR_RANGE);
}

static void reads_and_writes_beyond_a_tensor_are_refused(void) {
    start_with_model(0);
    CHECK(read_output(TEST_ELEMENTS, 0).header.status == 0);
    CHECK(read_output(TEST_ELEMENTS, 1).header.status == SHUNT_LINK_ERR_RANGE);
    CHECK(read_output(UINT32_MAX, 2).header.status == SHUNT_LINK_ERR_RANGE);
    CHECK(read_output(0, 1025).header.status == SHUNT_LINK_ERR_PAYLOAD);
    payload_t payload = WORDS(0, TEST_ELEMENTS - 1);
    add(&payload, 0, 2);
    CHECK(status_of(SHUNT_CMD_INPUT_WRITE, payload) == SHUNT_LINK_ERR_RANGE);
    payload = WORDS(1, 0);
    CHECK(status_of(SHUNT_CMD_INPUT_WRITE, payload) == SHUNT_LINK_ERR_RANGE);
    payload = WORDS(2, 0);
    add(&payload, 1, 2);
    CHECK(status_of(SHUNT_CMD_TENSOR_READ, payload) == SHUNT_LINK_ERR_RANGE);
}

// Batches.

static void a_batch_runs_its_rows(void) {
    start_with_model(0);
    for (uint32_t row = 1; row <= 2; row++) {
        for (uint32_t at = 0; at < TEST_ELEMENTS; at += 500) {
            payload_t payload = WORDS(row * TEST_ELEMENTS + at);
            for (uint32_t i = 0; i < 500; i++) {
                add(&payload, (uint8_t)(row + at + i), 1);
            }
            CHECK(status_of(SHUNT_CMD_BATCH_WRITE, payload) == 0);
        }
    }
    const uint32_t outputs = 3500; // rows 1 and 2 lie behind the inputs
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(1, 2, TEST_ELEMENTS, TEST_ELEMENTS, outputs, 0)) ==
          0);
    for (uint32_t row = 1; row <= 2; row++) {
        payload_t payload = WORDS(outputs + row * TEST_ELEMENTS + 700);
        add(&payload, 1, 2);
        const response_t response = ask(SHUNT_CMD_BATCH_READ, payload);
        CHECK(response.payload.bytes[0] == (uint8_t)(row + 700 + TEST_STEPS));
    }
}

static void an_announced_batch_marks_its_rows(void) {
    start_with_model(0);
    const uint32_t n = TEST_ELEMENTS;
    const response_t response = ask(SHUNT_CMD_BATCH_RUN, WORDS(0, 2, n, n, 2 * n, 4));
    CHECK(get(&response.payload, 0, 8) == 2 * TEST_STEPS * TEST_STEP_TICKS);
    const uint32_t expected[] = {1, 3, 1, 3, 0};
    CHECK(test_port.pin_writes == 5 && memcmp(test_port.pins, expected, sizeof expected) == 0);
}

static void batches_beyond_the_region_are_refused(void) {
    start_with_model(0);
    const uint32_t n = TEST_ELEMENTS;
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(0, 1, n, n, 8192 - n, 0)) == 0);
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(0, 1, n, n, 8193 - n, 0)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(6, 0, n, n, 0, 0)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(UINT32_MAX, 1, n, n, 0, 0)) == SHUNT_LINK_ERR_RANGE);
    CHECK(status_of(SHUNT_CMD_BATCH_RUN, WORDS(0, 1, n - 1, n, 0, 0)) == SHUNT_LINK_ERR_PAYLOAD);
    payload_t payload = WORDS(8192);
    CHECK(status_of(SHUNT_CMD_BATCH_WRITE, payload) == 0);
    add(&payload, 0, 1);
    CHECK(status_of(SHUNT_CMD_BATCH_WRITE, payload) == SHUNT_LINK_ERR_RANGE);
}

int main(void) {
    RUN(a_board_without_session_refuses_all_but_hello);
    RUN(hello_names_the_versions_if_none_is_common);
    RUN(a_repeated_hello_forgets_nothing_and_a_new_one_everything);
    RUN(a_once_request_sent_again_is_executed_once);
    RUN(a_request_from_before_the_last_once_request_is_dropped);
    RUN(a_write_from_before_a_fence_is_dropped);
    RUN(damaged_frames_are_dropped_and_counted);
    RUN(an_unknown_command_is_named);
    RUN(a_reset_follows_the_response_to_reboot);
    RUN(a_host_that_takes_nothing_does_not_stop_the_agent);
    RUN(info_says_what_the_board_is);
    RUN(a_blob_sent_is_there_after_a_reset);
    RUN(a_transfer_keeps_the_old_blob_until_commit);
    RUN(a_loaded_blob_is_attached_for_the_session);
    RUN(a_transfer_cannot_write_below_an_attached_model);
    RUN(garbage_in_the_slot_is_refused_by_the_runtime);
    RUN(a_model_beyond_the_arena_is_refused_with_its_need);
    RUN(inputs_last_over_a_window_and_until_the_next);
    RUN(without_staging_the_input_serves_one_inference);
    RUN(a_window_announces_its_phases_and_stays_silent);
    RUN(a_window_without_baseline_ends_idle);
    RUN(the_stack_of_an_inference_is_measured);
    RUN(absurd_windows_are_refused);
    RUN(a_profile_times_every_step);
    RUN(an_announced_profile_marks_every_step_and_the_end);
    RUN(steps_can_be_run_and_tapped_one_by_one);
    RUN(reads_and_writes_beyond_a_tensor_are_refused);
    RUN(a_batch_runs_its_rows);
    RUN(an_announced_batch_marks_its_rows);
    RUN(batches_beyond_the_region_are_refused);
    return RESULT;
}
