// SPDX-License-Identifier: Apache-2.0
//
// Blobs: how they come into the board.
#include "agent_internal.h"

enum { BEGIN_SINGLE = 1u << 0 };

/// The link's word for an outcome of the slots.
static shunt_link_status_t link_status(shunt_slots_status_t status) {
    switch (status) {
    case SHUNT_SLOTS_OK:
        return SHUNT_LINK_OK;
    case SHUNT_SLOTS_ERR_STATE:
        return SHUNT_LINK_ERR_STATE;
    case SHUNT_SLOTS_ERR_TOO_BIG:
        return SHUNT_LINK_ERR_TOO_BIG;
    case SHUNT_SLOTS_ERR_FLASH:
        return SHUNT_LINK_ERR_FLASH;
    case SHUNT_SLOTS_ERR_VERIFY:
        return SHUNT_LINK_ERR_VERIFY;
    case SHUNT_SLOTS_ERR_RANGE:
        return SHUNT_LINK_ERR_RANGE;
    default:
        return SHUNT_LINK_ERR_PAYLOAD;
    }
}

shunt_link_status_t shunt_on_slot_begin(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t bytes = shunt_take_u32(request);
    const uint32_t crc = shunt_take_u32(request);
    const uint32_t flags = shunt_take_u32(request);
    if (!shunt_request_done(request) || bytes == 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    // The opened model executes in place: its bytes may be about to go.
    shunt_agent_close_model(agent);
    agent->attached = (shunt_slots_blob_t){0};
    uint32_t slot, capacity;
    const shunt_slots_status_t status =
        shunt_slots_begin(&agent->slots, bytes, crc, (flags & BEGIN_SINGLE) != 0, &slot, &capacity);
    if (status == SHUNT_SLOTS_OK) {
        shunt_put_u32(agent, slot);
    }
    if (status == SHUNT_SLOTS_OK || status == SHUNT_SLOTS_ERR_TOO_BIG) {
        shunt_put_u32(agent, capacity);
    }
    return link_status(status);
}

shunt_link_status_t shunt_on_slot_write(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t offset = shunt_take_u32(request);
    if (request->short_of) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    return link_status(shunt_slots_write(&agent->slots, offset, request->bytes, request->count));
}

shunt_link_status_t shunt_on_slot_commit(shunt_agent_t *agent, shunt_request_t *request) {
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    shunt_agent_close_model(agent); // the next MODEL_OPEN shall mean the new blob
    uint32_t crc;
    const shunt_slots_status_t status = shunt_slots_commit(&agent->slots, &crc);
    if (status == SHUNT_SLOTS_OK || status == SHUNT_SLOTS_ERR_VERIFY) {
        shunt_put_u32(agent, crc);
    }
    return link_status(status);
}

shunt_link_status_t shunt_on_slot_read(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t offset = shunt_take_u32(request);
    const uint16_t count = shunt_take_u16(request);
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_slots_blob_t newest = shunt_slots_newest(&agent->slots);
    if (newest.blob == NULL) {
        return SHUNT_LINK_ERR_STATE;
    }
    return shunt_put_piece(agent, newest.blob, newest.bytes, offset, count);
}

shunt_link_status_t shunt_on_slot_attach(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t offset = shunt_take_u32(request);
    const uint32_t bytes = shunt_take_u32(request);
    if (!shunt_request_done(request) || bytes == 0 || offset % SHUNT_BLOB_ALIGNMENT != 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const shunt_flash_t *flash = agent->flash;
    if (offset > flash->bytes || bytes > flash->bytes - offset) {
        return SHUNT_LINK_ERR_RANGE;
    }
    // A transfer could still write below the model that is going to be opened here.
    shunt_slots_abandon(&agent->slots);
    shunt_agent_close_model(agent);
    agent->attached = (shunt_slots_blob_t){
        .blob = flash->base + offset,
        .bytes = bytes,
        .crc = shunt_crc32(0, flash->base + offset, bytes),
    };
    shunt_put_u32(agent, agent->attached.crc);
    return SHUNT_LINK_OK;
}
