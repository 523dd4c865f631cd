// SPDX-License-Identifier: Apache-2.0
//
// Stands between the example and shunt_run (the linker's --wrap): first runs the rows that the test
// wrote and compares every output, then the example's own input.
#include <stdio.h>
#include <string.h>

#include "rows.h"
#include "shunt_model.h"

shunt_status_t __real_shunt_run(shunt_model_t *model);
shunt_status_t __wrap_shunt_run(shunt_model_t *model);

static uint8_t own_input[ROW_INPUT_BYTES];

static void put(shunt_model_t *model, const uint8_t *row) {
    for (uint32_t i = 0; i < model->input_count; i++) {
        memcpy(shunt_input_data(model, i), row, shunt_input(model, i)->bytes);
        row += shunt_input(model, i)->bytes;
    }
}

static void get(const shunt_model_t *model, uint8_t *row) {
    for (uint32_t i = 0; i < model->input_count; i++) {
        memcpy(row, shunt_input_data(model, i), shunt_input(model, i)->bytes);
        row += shunt_input(model, i)->bytes;
    }
}

static int equal(const shunt_model_t *model, const uint8_t *row) {
    for (uint32_t i = 0; i < model->output_count; i++) {
        if (memcmp(shunt_output_data(model, i), row, shunt_output(model, i)->bytes) != 0) {
            return 0;
        }
        row += shunt_output(model, i)->bytes;
    }
    return 1;
}

shunt_status_t __wrap_shunt_run(shunt_model_t *model) {
    unsigned right = 0;
    get(model, own_input);
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        put(model, row_inputs[i]);
        (void)__real_shunt_run(model);
        right += equal(model, row_outputs[i]) ? 1u : 0u;
    }
    printf("rows %u right %u\n", ROW_COUNT, right);
    (void)shunt_reset(model);
    put(model, own_input);
    return __real_shunt_run(model);
}
