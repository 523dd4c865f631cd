// SPDX-License-Identifier: Apache-2.0
//
// Arbitrary bytes into the frame receiver; and payloads through the encoder and back.
#include <stdlib.h>
#include <string.h>

#include "shunt_link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void receive_raw(const uint8_t *data, size_t size) {
    shunt_link_receiver_t receiver;
    shunt_link_receiver_init(&receiver);
    for (size_t i = 0; i < size; i++) {
        shunt_link_header_t header;
        const uint8_t *payload;
        if (shunt_link_receive(&receiver, data[i], &header, &payload)) {
            require(header.payload_bytes <= SHUNT_LINK_MAX_PAYLOAD);
            volatile uint8_t sum = 0; // touch all of it
            for (uint32_t j = 0; j < header.payload_bytes; j++) {
                sum = (uint8_t)(sum + payload[j]);
            }
        }
    }
}

static void round_trip(const uint8_t *data, size_t size) {
    if (size > SHUNT_LINK_MAX_PAYLOAD) {
        size = SHUNT_LINK_MAX_PAYLOAD;
    }
    const shunt_link_header_t header = {.type = SHUNT_LINK_REQUEST,
                                        .payload_bytes = (uint16_t)size};
    static uint8_t frame[SHUNT_LINK_MAX_FRAME];
    const size_t bytes = shunt_link_encode(&header, data, frame);
    require(bytes > 0 && bytes <= sizeof frame);
    shunt_link_receiver_t receiver;
    shunt_link_receiver_init(&receiver);
    for (size_t i = 0; i < bytes; i++) {
        shunt_link_header_t found;
        const uint8_t *payload;
        const bool complete = shunt_link_receive(&receiver, frame[i], &found, &payload);
        require(complete == (i == bytes - 1));
        if (complete) {
            require(memcmp(&found, &header, sizeof found) == 0);
            require(size == 0 || memcmp(payload, data, size) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    receive_raw(data, size);
    round_trip(data, size);
    return 0;
}
