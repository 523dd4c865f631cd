// SPDX-License-Identifier: Apache-2.0
#include "shunt_link.h"

#include <string.h>

#include "shunt.h"

enum { OUTSIDE, AT_CODE, IN_BLOCK, SKIPPING };

size_t shunt_link_encode(const shunt_link_header_t *header, const void *payload, uint8_t *frame) {
    if (header->payload_bytes > SHUNT_LINK_MAX_PAYLOAD) {
        return 0;
    }
    uint32_t crc = shunt_crc32(0, header, sizeof *header);
    crc = shunt_crc32(crc, payload, header->payload_bytes);
    const uint8_t trailer[SHUNT_LINK_CRC_BYTES] = {(uint8_t)crc, (uint8_t)(crc >> 8),
                                                   (uint8_t)(crc >> 16), (uint8_t)(crc >> 24)};
    const struct {
        const uint8_t *bytes;
        size_t count;
    } pieces[3] = {{(const uint8_t *)header, sizeof *header},
                   {payload, header->payload_bytes},
                   {trailer, sizeof trailer}};

    size_t out = 0;
    frame[out++] = 0;
    size_t code_at = out++; // COBS: each block starts with the distance to the next zero
    uint8_t code = 1;
    for (int piece = 0; piece < 3; piece++) {
        for (size_t i = 0; i < pieces[piece].count; i++) {
            const uint8_t byte = pieces[piece].bytes[i];
            if (byte != 0) {
                frame[out++] = byte;
                code++;
            }
            if (byte == 0 || code == 0xFF) {
                frame[code_at] = code;
                code_at = out++;
                code = 1;
            }
        }
    }
    frame[code_at] = code;
    frame[out++] = 0;
    return out;
}

void shunt_link_receiver_init(shunt_link_receiver_t *receiver) {
    memset(receiver, 0, sizeof *receiver);
}

/// Appends a decoded byte; a body that grows too long is skipped up to the next delimiter.
static void append(shunt_link_receiver_t *receiver, uint8_t byte) {
    if (receiver->body_bytes == SHUNT_LINK_MAX_BODY) {
        receiver->format_errors++;
        receiver->state = SKIPPING;
        return;
    }
    receiver->body[receiver->body_bytes++] = byte;
}

/// Judges the body collected between two delimiters.
static bool finish(shunt_link_receiver_t *receiver, shunt_link_header_t *header,
                   const uint8_t **payload) {
    const size_t bytes = receiver->body_bytes;
    if (bytes < SHUNT_LINK_HEADER_BYTES + SHUNT_LINK_CRC_BYTES) {
        receiver->format_errors++;
        return false;
    }
    const uint8_t *trailer = receiver->body + bytes - SHUNT_LINK_CRC_BYTES;
    const uint32_t crc = (uint32_t)trailer[0] | (uint32_t)trailer[1] << 8 |
                         (uint32_t)trailer[2] << 16 | (uint32_t)trailer[3] << 24;
    if (shunt_crc32(0, receiver->body, bytes - SHUNT_LINK_CRC_BYTES) != crc) {
        receiver->crc_errors++;
        return false;
    }
    memcpy(header, receiver->body, sizeof *header);
    if (header->payload_bytes != bytes - SHUNT_LINK_HEADER_BYTES - SHUNT_LINK_CRC_BYTES) {
        receiver->format_errors++;
        return false;
    }
    *payload = receiver->body + SHUNT_LINK_HEADER_BYTES;
    receiver->frames++;
    return true;
}

bool shunt_link_receive(shunt_link_receiver_t *receiver, uint8_t byte, shunt_link_header_t *header,
                        const uint8_t **payload) {
    if (byte == 0) {
        // A good frame ends with its delimiter and what follows may be text. After anything else
        // the delimiter may as well be the start of the next frame; two in a row enclose nothing.
        const uint8_t state = receiver->state;
        bool complete = false;
        if (state == AT_CODE && receiver->body_bytes > 0) {
            complete = finish(receiver, header, payload);
        } else if (state == IN_BLOCK) {
            receiver->format_errors++;
        }
        receiver->state = complete ? OUTSIDE : AT_CODE;
        receiver->body_bytes = 0;
        receiver->pending_zero = 0;
        return complete;
    }
    switch (receiver->state) {
    case AT_CODE:
        if (receiver->pending_zero) {
            append(receiver, 0);
            if (receiver->state == SKIPPING) {
                break;
            }
        }
        receiver->pending_zero = byte != 0xFF;
        receiver->code = (uint8_t)(byte - 1);
        receiver->state = receiver->code == 0 ? AT_CODE : IN_BLOCK;
        break;
    case IN_BLOCK:
        append(receiver, byte);
        if (receiver->state == IN_BLOCK && --receiver->code == 0) {
            receiver->state = AT_CODE;
        }
        break;
    default: // text between frames, or the rest of a bad frame
        break;
    }
    return false;
}
