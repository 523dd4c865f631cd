// SPDX-License-Identifier: Apache-2.0
//
// `check` and `run` of a pool's kernel. The file that includes it has included shunt_pool2d.h and
// requantize.h, and defined
//
//     POOL_ELEMENT    int8_t or int16_t
//     POOL_CHECK      the check of shunt_pool2d.h for that
//     POOL_START      what it gathers before the first element
//
// and two functions: `gather` takes one more element, `finish` makes the output of what was
// gathered from a number of elements.
static int32_t reduce_channel(const shunt_covered_t *covered, const int8_t *first) {
    int32_t gathered = POOL_START;
    const int8_t *row = first;
    for (uint32_t y = covered->rows; y > 0; y--, row += covered->row_stride) {
        const int8_t *element = row;
        for (uint32_t x = covered->columns; x > 0; x--, element += covered->column_stride) {
            gathered = gather(gathered, *(const POOL_ELEMENT *)(const void *)element);
        }
    }
    return finish(gathered, (int32_t)(covered->rows * covered->columns));
}

static void reduce(const shunt_covered_t *covered, int8_t *out) {
    const shunt_pool2d_params_t *p = covered->params;
    const int8_t *first = covered->first;
    POOL_ELEMENT *element = (void *)out;
    for (uint32_t channel = p->window.out_channels; channel > 0; channel--) {
        const int32_t value = reduce_channel(covered, first);
        *element++ = (POOL_ELEMENT)clamp(value, p->clamp_min, p->clamp_max);
        first += sizeof(POOL_ELEMENT);
    }
}

static shunt_status_t check(const shunt_call_t *call) {
    return POOL_CHECK(call) ? SHUNT_OK : SHUNT_ERR_PARAMS;
}

static void run(const shunt_call_t *call) {
    shunt_pool2d(call, reduce);
}
