// SPDX-License-Identifier: Apache-2.0
//
// What the agent's files share.
#ifndef SHUNT_AGENT_INTERNAL_H
#define SHUNT_AGENT_INTERNAL_H

#include "shunt_agent.h"

/// A request's payload, read from front to back.
typedef struct shunt_request {
    const uint8_t *bytes; ///< What is left of it.
    uint32_t count;       ///< Bytes left.
    bool short_of;        ///< More was asked for than there was.
    shunt_link_header_t header;
} shunt_request_t;

/// Executes a request: reads `request`, appends the response's payload.
/// @return SHUNT_LINK_OK or the response's status.
typedef shunt_link_status_t (*shunt_handler_t)(shunt_agent_t *agent, shunt_request_t *request);

/// Takes an integer from the request; 0 if it is too short, which shunt_request_done tells.
uint8_t shunt_take_u8(shunt_request_t *request);
uint16_t shunt_take_u16(shunt_request_t *request);
uint32_t shunt_take_u32(shunt_request_t *request);

/// Whether exactly everything was taken.
bool shunt_request_done(const shunt_request_t *request);

/// Where the response's payload is built.
uint8_t *shunt_agent_response(shunt_agent_t *agent);

/// Appends to the response. What does not fit is left out.
void shunt_put_bytes(shunt_agent_t *agent, const void *bytes, uint32_t count);
void shunt_put_u8(shunt_agent_t *agent, uint8_t value);
void shunt_put_u16(shunt_agent_t *agent, uint16_t value);
void shunt_put_u32(shunt_agent_t *agent, uint32_t value);
void shunt_put_u64(shunt_agent_t *agent, uint64_t value);
void shunt_put_text(shunt_agent_t *agent, const char *text);

/// Answers with `count` bytes from `offset` of a buffer of `bytes` bytes, or with ERR_RANGE,
/// or ERR_PAYLOAD if that is more than a frame holds.
shunt_link_status_t shunt_put_piece(shunt_agent_t *agent, const uint8_t *buffer, uint32_t bytes,
                                    uint32_t offset, uint32_t count);

/// Forgets the opened model.
void shunt_agent_close_model(shunt_agent_t *agent);

/// Copies input `index`, or all, from staging to where the model reads them, if they are staged.
void shunt_agent_restore_inputs(shunt_agent_t *agent);

/// Bytes of all inputs, or of all outputs.
uint32_t shunt_agent_input_bytes(const shunt_agent_t *agent);
uint32_t shunt_agent_output_bytes(const shunt_agent_t *agent);

/// Paints the free stack, and says how deep it was used since.
void shunt_stack_paint(const uint8_t *pointer);
uint32_t shunt_stack_used(const uint8_t *pointer);

// One per command of Docs/spec/link-protocol.md.
shunt_link_status_t shunt_on_hello(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_info(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_counters(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_reboot(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_echo(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_sink(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_fence(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_slot_begin(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_slot_write(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_slot_commit(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_slot_read(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_slot_attach(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_model_open(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_reset_state(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_input_write(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_run(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_output_read(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_profile(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_profile_read(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_run_steps(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_tensor_read(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_batch_write(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_batch_run(shunt_agent_t *agent, shunt_request_t *request);
shunt_link_status_t shunt_on_batch_read(shunt_agent_t *agent, shunt_request_t *request);

#endif
