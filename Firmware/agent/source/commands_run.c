// SPDX-License-Identifier: Apache-2.0
//
// Inferences, timed. From the first phase to the last no interrupt is taken and no byte is sent.
#include <string.h>

#include "agent_internal.h"
#include "shunt_mark.h"

enum {
    RUN_RESET = 1u << 0,
    RUN_ANNOUNCE = 1u << 1,
    RUN_BASELINE = 1u << 2,
    RUN_FLAGS = RUN_RESET | RUN_ANNOUNCE | RUN_BASELINE,
    PROFILE_RESET = 1u << 0,
    PROFILE_ANNOUNCE = 1u << 1,
    PROFILE_FLAGS = PROFILE_RESET | PROFILE_ANNOUNCE,
    BATCH_RESET_EACH = 1u << 0,
    BATCH_RESET_FIRST = 1u << 1,
    BATCH_ANNOUNCE = 1u << 2,
    BATCH_FLAGS = BATCH_RESET_EACH | BATCH_RESET_FIRST | BATCH_ANNOUNCE
};

typedef void (*trigger_t)(void);

static void silent(void) {}

/// Ticks from `start` to now, without what reading the clock takes.
static uint64_t ticks_since(const shunt_agent_t *agent, uint64_t start) {
    const uint64_t ticks = shunt_port_ticks() - start;
    return ticks > agent->tick_overhead ? ticks - agent->tick_overhead : 0;
}

// MARK: - RUN

/// A window of inferences: what was asked for, and what it took.
typedef struct window {
    uint32_t inferences;
    uint32_t baseline_us; // 0: none
    bool announce;
    uint64_t ticks, shortest, longest;
} window_t;

static void count_inference(window_t *window, uint64_t ticks) {
    window->ticks += ticks;
    window->shortest = ticks < window->shortest ? ticks : window->shortest;
    window->longest = ticks > window->longest ? ticks : window->longest;
}

/// Awake and doing nothing.
static void wait_baseline(const shunt_agent_t *agent, const window_t *window) {
    const uint64_t ticks = (uint64_t)window->baseline_us * agent->config->tick_hz / 1000000u;
    const uint64_t start = shunt_port_ticks();
    while (shunt_port_ticks() - start < ticks) {
    }
}

/// Between the entries of two triggers stands one inference and nothing else: the clock is read
/// outside of them.
static void run_window(shunt_agent_t *agent, window_t *window) {
    const bool with_baseline = window->baseline_us > 0;
    const trigger_t inference = window->announce ? shunt_trigger_inference : silent;
    const trigger_t between = window->announce ? shunt_trigger_between : silent;
    const trigger_t baseline = window->announce ? shunt_trigger_baseline : silent;
    const trigger_t idle = window->announce ? shunt_trigger_idle : silent;
    const trigger_t last = with_baseline ? baseline : idle;
    if (with_baseline) {
        baseline();
        wait_baseline(agent, window);
    }
    for (uint32_t left = window->inferences; left > 0; left--) {
        const trigger_t after = left > 1 ? between : last;
        const uint64_t start = shunt_port_ticks();
        inference();
        shunt_run(&agent->model);
        after();
        count_inference(window, ticks_since(agent, start));
        if (left > 1) {
            shunt_agent_restore_inputs(agent);
        }
    }
    if (with_baseline) {
        wait_baseline(agent, window);
        idle();
    }
}

/// Without staging the input is gone after one inference.
static bool may_repeat(const shunt_agent_t *agent) {
    return agent->staged || (agent->model.header->flags & SHUNT_BLOB_INPUT_SURVIVES) != 0;
}

shunt_link_status_t shunt_on_run(shunt_agent_t *agent, shunt_request_t *request) {
    window_t window = {.shortest = UINT64_MAX};
    window.inferences = shunt_take_u32(request);
    const uint32_t flags = shunt_take_u32(request);
    const uint32_t baseline_us = shunt_take_u32(request);
    window.announce = (flags & RUN_ANNOUNCE) != 0;
    window.baseline_us = (flags & RUN_BASELINE) != 0 ? baseline_us : 0;
    if (!shunt_request_done(request) || (flags & ~(uint32_t)RUN_FLAGS) != 0 ||
        window.inferences == 0 || window.inferences > SHUNT_AGENT_MAX_INFERENCES ||
        baseline_us > SHUNT_AGENT_MAX_BASELINE_US) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (window.inferences > 1 && !may_repeat(agent)) {
        return SHUNT_LINK_ERR_STATE;
    }
    if ((flags & RUN_RESET) != 0) {
        shunt_reset(&agent->model);
    }
    shunt_agent_restore_inputs(agent);
    const uint8_t *stack = shunt_port_stack_pointer();
    shunt_port_interrupts_off();
    shunt_stack_paint(stack);
    run_window(agent, &window);
    const uint32_t stack_bytes = shunt_stack_used(stack);
    shunt_port_interrupts_on();
    agent->inferences += window.inferences;
    shunt_put_u64(agent, window.ticks);
    shunt_put_u64(agent, window.shortest);
    shunt_put_u64(agent, window.longest);
    shunt_put_u32(agent, stack_bytes);
    shunt_put_u32(agent, 0);
    return SHUNT_LINK_OK;
}

// MARK: - Steps

static uint32_t saturated(uint64_t ticks) {
    return ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/// @return Ticks of all steps.
static uint64_t time_steps(shunt_agent_t *agent, uint32_t steps) {
    uint64_t all = 0;
    for (uint32_t i = 0; i < steps; i++) {
        const uint64_t start = shunt_port_ticks();
        shunt_run_step(&agent->model, i);
        const uint64_t ticks = ticks_since(agent, start);
        agent->step_ticks[i] = saturated(ticks);
        all += ticks;
    }
    return all;
}

/// Announces the steps and reads no clock: what lies between two marks is one step and nothing
/// else.
static void announce_steps(shunt_agent_t *agent, uint32_t steps) {
    for (uint32_t i = 0; i < steps; i++) {
        shunt_trigger_step();
        shunt_run_step(&agent->model, i);
    }
    shunt_trigger_step();
    shunt_trigger_idle();
    memset(agent->step_ticks, 0, sizeof agent->step_ticks[0] * steps);
}

shunt_link_status_t shunt_on_profile(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t flags = shunt_take_u32(request);
    if (!shunt_request_done(request) || (flags & ~(uint32_t)PROFILE_FLAGS) != 0) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const uint32_t steps = shunt_step_count(&agent->model);
    if (steps > SHUNT_AGENT_MAX_STEPS) {
        return SHUNT_LINK_ERR_RANGE;
    }
    if ((flags & PROFILE_RESET) != 0) {
        shunt_reset(&agent->model);
    }
    shunt_agent_restore_inputs(agent);
    shunt_port_interrupts_off();
    uint64_t ticks = 0;
    if ((flags & PROFILE_ANNOUNCE) != 0) {
        announce_steps(agent, steps);
    } else {
        ticks = time_steps(agent, steps);
    }
    shunt_port_interrupts_on();
    agent->profiled_steps = steps;
    agent->inferences++;
    shunt_put_u64(agent, ticks);
    shunt_put_u32(agent, steps);
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_profile_read(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t first = shunt_take_u32(request);
    const uint32_t count = shunt_take_u16(request);
    if (!shunt_request_done(request) || count > SHUNT_LINK_MAX_PAYLOAD / sizeof(uint64_t)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (first > agent->profiled_steps || count > agent->profiled_steps - first) {
        return SHUNT_LINK_ERR_RANGE;
    }
    for (uint32_t i = 0; i < count; i++) {
        shunt_put_u64(agent, agent->step_ticks[first + i]);
    }
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_run_steps(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t first = shunt_take_u32(request);
    const uint32_t count = shunt_take_u32(request);
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    const uint32_t steps = shunt_step_count(&agent->model);
    if (first > steps || count > steps - first) {
        return SHUNT_LINK_ERR_RANGE;
    }
    if (first == 0) {
        shunt_agent_restore_inputs(agent);
    }
    for (uint32_t i = first; i < first + count; i++) {
        shunt_run_step(&agent->model, i);
    }
    return SHUNT_LINK_OK;
}

// MARK: - Batches

shunt_link_status_t shunt_on_batch_write(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t offset = shunt_take_u32(request);
    if (request->short_of) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (offset > agent->batch_bytes || request->count > agent->batch_bytes - offset) {
        return SHUNT_LINK_ERR_RANGE;
    }
    if (request->count > 0) {
        memcpy(agent->batch + offset, request->bytes, request->count);
    }
    return SHUNT_LINK_OK;
}

shunt_link_status_t shunt_on_batch_read(shunt_agent_t *agent, shunt_request_t *request) {
    const uint32_t offset = shunt_take_u32(request);
    const uint16_t count = shunt_take_u16(request);
    if (!shunt_request_done(request)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    return shunt_put_piece(agent, agent->batch, agent->batch_bytes, offset, count);
}

static void load_row(shunt_agent_t *agent, const uint8_t *row) {
    for (uint32_t i = 0; i < agent->model.input_count; i++) {
        const uint32_t bytes = shunt_input(&agent->model, i)->bytes;
        memcpy(shunt_input_data(&agent->model, i), row, bytes);
        row += bytes;
    }
}

static void store_row(const shunt_agent_t *agent, uint8_t *row) {
    for (uint32_t i = 0; i < agent->model.output_count; i++) {
        const uint32_t bytes = shunt_output(&agent->model, i)->bytes;
        memcpy(row, shunt_output_data(&agent->model, i), bytes);
        row += bytes;
    }
}

/// Rows of a batch, all inside the region once `batch_valid` says so.
typedef struct batch {
    uint32_t first, rows, input_bytes, output_bytes, outputs_offset, flags;
} batch_t;

static bool batch_fits(const shunt_agent_t *agent, const batch_t *batch) {
    const uint64_t end = (uint64_t)batch->first + batch->rows; // below 2^33; times 2^31 still fits
    return batch->rows <= SHUNT_AGENT_MAX_INFERENCES && batch->input_bytes < 1u << 30 &&
           batch->output_bytes < 1u << 30 && end * batch->input_bytes <= agent->batch_bytes &&
           batch->outputs_offset + end * batch->output_bytes <= agent->batch_bytes;
}

/// @return Ticks of all inferences.
static uint64_t run_rows(shunt_agent_t *agent, const batch_t *batch) {
    const bool announce = (batch->flags & BATCH_ANNOUNCE) != 0;
    const trigger_t inference = announce ? shunt_trigger_inference : silent;
    const trigger_t between = announce ? shunt_trigger_between : silent;
    uint64_t ticks = 0;
    for (uint32_t i = 0; i < batch->rows; i++) {
        const size_t row = (size_t)batch->first + i;
        load_row(agent, agent->batch + row * batch->input_bytes);
        if ((batch->flags & BATCH_RESET_EACH) != 0) {
            shunt_reset(&agent->model);
        }
        const uint64_t start = shunt_port_ticks();
        inference();
        shunt_run(&agent->model);
        between();
        ticks += ticks_since(agent, start);
        store_row(agent, agent->batch + batch->outputs_offset + row * batch->output_bytes);
    }
    if (announce) {
        shunt_trigger_idle();
    }
    return ticks;
}

shunt_link_status_t shunt_on_batch_run(shunt_agent_t *agent, shunt_request_t *request) {
    batch_t batch;
    batch.first = shunt_take_u32(request);
    batch.rows = shunt_take_u32(request);
    batch.input_bytes = shunt_take_u32(request);
    batch.output_bytes = shunt_take_u32(request);
    batch.outputs_offset = shunt_take_u32(request);
    batch.flags = shunt_take_u32(request);
    if (!shunt_request_done(request) || (batch.flags & ~(uint32_t)BATCH_FLAGS) != 0 ||
        batch.input_bytes != shunt_agent_input_bytes(agent) ||
        batch.output_bytes != shunt_agent_output_bytes(agent)) {
        return SHUNT_LINK_ERR_PAYLOAD;
    }
    if (!batch_fits(agent, &batch)) {
        return SHUNT_LINK_ERR_RANGE;
    }
    if ((batch.flags & BATCH_RESET_FIRST) != 0) {
        shunt_reset(&agent->model);
    }
    shunt_port_interrupts_off();
    const uint64_t ticks = run_rows(agent, &batch);
    shunt_port_interrupts_on();
    agent->inferences += batch.rows;
    shunt_put_u64(agent, ticks);
    return SHUNT_LINK_OK;
}
