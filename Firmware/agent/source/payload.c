// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "agent_internal.h"

/// The next `count` bytes of the request, little-endian.
static uint32_t take(shunt_request_t *request, uint32_t count) {
    if (request->count < count) {
        request->short_of = true;
        request->count = 0;
        return 0;
    }
    uint32_t value = 0;
    for (uint32_t i = 0; i < count; i++) {
        value |= (uint32_t)request->bytes[i] << (8 * i);
    }
    request->bytes += count;
    request->count -= count;
    return value;
}

uint8_t shunt_take_u8(shunt_request_t *request) {
    return (uint8_t)take(request, 1);
}

uint16_t shunt_take_u16(shunt_request_t *request) {
    return (uint16_t)take(request, 2);
}

uint32_t shunt_take_u32(shunt_request_t *request) {
    return take(request, 4);
}

bool shunt_request_done(const shunt_request_t *request) {
    return !request->short_of && request->count == 0;
}

uint8_t *shunt_agent_response(shunt_agent_t *agent) {
    return agent->frame + SHUNT_LINK_PAYLOAD_OFFSET;
}

void shunt_put_bytes(shunt_agent_t *agent, const void *bytes, uint32_t count) {
    if (count <= (uint32_t)SHUNT_LINK_MAX_PAYLOAD - agent->response_bytes && count > 0) {
        memcpy(shunt_agent_response(agent) + agent->response_bytes, bytes, count);
        agent->response_bytes = (uint16_t)(agent->response_bytes + count);
    }
}

void shunt_put_u8(shunt_agent_t *agent, uint8_t value) {
    shunt_put_bytes(agent, &value, sizeof value);
}

void shunt_put_u16(shunt_agent_t *agent, uint16_t value) {
    shunt_put_u8(agent, (uint8_t)value);
    shunt_put_u8(agent, (uint8_t)(value >> 8));
}

void shunt_put_u32(shunt_agent_t *agent, uint32_t value) {
    shunt_put_u16(agent, (uint16_t)value);
    shunt_put_u16(agent, (uint16_t)(value >> 16));
}

void shunt_put_u64(shunt_agent_t *agent, uint64_t value) {
    shunt_put_u32(agent, (uint32_t)value);
    shunt_put_u32(agent, (uint32_t)(value >> 32));
}

void shunt_put_text(shunt_agent_t *agent, const char *text) {
    size_t length = strlen(text);
    if (length > UINT8_MAX) {
        length = UINT8_MAX;
    }
    shunt_put_u8(agent, (uint8_t)length);
    shunt_put_bytes(agent, text, (uint32_t)length);
}

shunt_link_status_t shunt_put_piece(shunt_agent_t *agent, const uint8_t *buffer, uint32_t bytes,
                                    uint32_t offset, uint32_t count) {
    if (count > SHUNT_LINK_MAX_PAYLOAD) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (offset > bytes || count > bytes - offset) {
        return SHUNT_LINK_ERR_RANGE;
    }
    if (count > 0) {
        shunt_put_bytes(agent, buffer + offset, count);
    }
    return SHUNT_LINK_OK;
}
