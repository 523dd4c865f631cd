// SPDX-License-Identifier: Apache-2.0
//
// The frame codec: what is encoded is found again, and only that.
#include <string.h>

#include "check.h"
#include "shunt_link.h"

static shunt_link_receiver_t receiver;

/// Delivers bytes; counts good frames and keeps the last.
static uint32_t receive(const uint8_t *bytes, size_t count, shunt_link_header_t *header,
                        uint8_t *payload) {
    uint32_t frames = 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *found;
        shunt_link_header_t found_header;
        if (shunt_link_receive(&receiver, bytes[i], &found_header, &found)) {
            frames++;
            *header = found_header;
            memcpy(payload, found, found_header.payload_bytes);
        }
    }
    return frames;
}

static size_t encode(uint16_t payload_bytes, const uint8_t *payload, uint8_t *frame) {
    const shunt_link_header_t header = {.type = SHUNT_LINK_REQUEST,
                                        .command = SHUNT_CMD_ECHO,
                                        .sequence = 0x1234,
                                        .session = 0x5678,
                                        .payload_bytes = payload_bytes};
    return shunt_link_encode(&header, payload, frame);
}

static void the_vectors_of_the_spec_are_reproduced(void) {
    const uint8_t hello[] = {0x00, 0x04, 0x01, 0x01, 0x01, 0x03, 0x34, 0x12, 0x01,
                             0x02, 0x06, 0x01, 0x01, 0x02, 0x01, 0x02, 0x01, 0x07,
                             0x34, 0x12, 0x78, 0xbd, 0xcb, 0xf1, 0x00};
    const shunt_link_header_t hello_header = {.type = SHUNT_LINK_REQUEST,
                                              .command = SHUNT_CMD_HELLO,
                                              .sequence = 1,
                                              .session = 0x1234,
                                              .payload_bytes = 6};
    const uint8_t commit[] = {0x00, 0x0a, 0x02, 0x12, 0xff, 0xff, 0x34, 0x12,
                              0xf9, 0xff, 0x04, 0x01, 0x01, 0x09, 0xef, 0xbe,
                              0xad, 0xde, 0x8f, 0x4e, 0x6e, 0x7e, 0x00};
    const shunt_link_header_t commit_header = {.type = SHUNT_LINK_RESPONSE,
                                               .command = SHUNT_CMD_SLOT_COMMIT,
                                               .sequence = 0xFFFF,
                                               .session = 0x1234,
                                               .status = SHUNT_LINK_ERR_VERIFY,
                                               .payload_bytes = 4};
    uint8_t frame[SHUNT_LINK_MAX_FRAME];
    CHECK(shunt_link_encode(&hello_header, "\x01\0\x01\0\x34\x12", frame) == sizeof hello);
    CHECK(memcmp(frame, hello, sizeof hello) == 0);
    CHECK(shunt_link_encode(&commit_header, "\xef\xbe\xad\xde", frame) == sizeof commit);
    CHECK(memcmp(frame, commit, sizeof commit) == 0);
}

static void payloads_of_every_size_and_pattern_come_back(void) {
    static uint8_t payload[SHUNT_LINK_MAX_PAYLOAD], found[SHUNT_LINK_MAX_PAYLOAD];
    static uint8_t frame[SHUNT_LINK_MAX_FRAME], in_place[SHUNT_LINK_MAX_FRAME];
    shunt_link_receiver_init(&receiver);
    for (uint32_t pattern = 0; pattern < 4; pattern++) {
        for (uint32_t bytes = 0; bytes <= SHUNT_LINK_MAX_PAYLOAD; bytes++) {
            for (uint32_t i = 0; i < bytes; i++) { // no zero, all zero, few zeros, every byte
                payload[i] = (uint8_t)(pattern == 0   ? 0xFF
                                       : pattern == 1 ? 0
                                       : pattern == 2 ? (i % 254 != 253)
                                                      : i * 7);
            }
            const size_t count = encode((uint16_t)bytes, payload, frame);
            CHECK(count <= SHUNT_LINK_MAX_FRAME);
            memset(in_place, 0xEE, sizeof in_place);
            memcpy(in_place + SHUNT_LINK_PAYLOAD_OFFSET, payload, bytes);
            CHECK(encode((uint16_t)bytes, in_place + SHUNT_LINK_PAYLOAD_OFFSET, in_place) == count);
            CHECK(memcmp(in_place, frame, count) == 0);
            CHECK(memchr(frame + 1, 0, count - 2) == NULL);
            shunt_link_header_t header;
            CHECK(receive(frame, count, &header, found) == 1);
            CHECK(header.sequence == 0x1234 && header.session == 0x5678 &&
                  header.payload_bytes == bytes && memcmp(found, payload, bytes) == 0);
        }
    }
    CHECK(receiver.crc_errors == 0 && receiver.format_errors == 0);
}

static void text_between_frames_is_skipped(void) {
    uint8_t line[256], found[16];
    shunt_link_header_t header;
    shunt_link_receiver_init(&receiver);
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        memcpy(line + count, "m-ready\r\n", 9);
        count += 9;
        count += encode(2, (const uint8_t *)"hi", line + count);
    }
    CHECK(receive(line, count, &header, found) == 3);
    CHECK(receiver.format_errors == 0);
}

static void a_lost_delimiter_costs_one_frame_at_most(void) {
    uint8_t frame[64], line[256], found[16];
    shunt_link_header_t header;
    const size_t bytes = encode(2, (const uint8_t *)"hi", frame);
    for (int first = 0; first < 2; first++) { // the leading or the trailing one is lost
        shunt_link_receiver_init(&receiver);
        size_t count = 0;
        memcpy(line, frame + (first == 0), bytes - 1);
        count += bytes - 1;
        for (int i = 0; i < 2; i++) {
            memcpy(line + count, frame, bytes);
            count += bytes;
        }
        CHECK(receive(line, count, &header, found) == 2);
    }
}

static void a_frame_too_long_is_dropped_and_the_next_found(void) {
    static uint8_t endless[4 * SHUNT_LINK_MAX_FRAME];
    uint8_t frame[64], found[16];
    shunt_link_header_t header;
    shunt_link_receiver_init(&receiver);
    memset(endless, 0x55, sizeof endless);
    endless[0] = 0;
    CHECK(receive(endless, sizeof endless, &header, found) == 0);
    const size_t bytes = encode(2, (const uint8_t *)"hi", frame);
    CHECK(receive(frame, bytes, &header, found) == 1);
    CHECK(receiver.format_errors == 1);
}

static void a_payload_too_long_is_not_encoded(void) {
    const shunt_link_header_t header = {.payload_bytes = SHUNT_LINK_MAX_PAYLOAD + 1};
    uint8_t frame[1];
    CHECK(shunt_link_encode(&header, NULL, frame) == 0);
}

int main(void) {
    RUN(the_vectors_of_the_spec_are_reproduced);
    RUN(payloads_of_every_size_and_pattern_come_back);
    RUN(text_between_frames_is_skipped);
    RUN(a_lost_delimiter_costs_one_frame_at_most);
    RUN(a_frame_too_long_is_dropped_and_the_next_found);
    RUN(a_payload_too_long_is_not_encoded);
    return RESULT;
}
