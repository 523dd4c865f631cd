// SPDX-License-Identifier: Apache-2.0
//
// `check` and `run` of a pool's kernel. The file that includes it has included pool2d.h and defined
//
//     POOL_ELEMENT    int8_t or int16_t
//     POOL_TYPE       the shunt_type_t of that
//     POOL_START      what it gathers before the first element
//
// and two functions: `gather` takes one more element, `finish` makes the output of what was
// gathered from a number of elements.
static int32_t reduce(const covered_t *covered) {
    int32_t gathered = POOL_START;
    const uint8_t *row = covered->first;
    for (int32_t y = 0; y < covered->rows; y++, row += covered->row_stride) {
        const uint8_t *element = row;
        for (int32_t x = 0; x < covered->columns; x++, element += covered->column_stride) {
            gathered = gather(gathered, *(const POOL_ELEMENT *)element);
        }
    }
    return finish(gathered, covered->rows * covered->columns);
}

static shunt_status_t check(const shunt_call_t *call) {
    return SHUNT_POOL2D_CHECK(call, POOL_TYPE);
}

static void run(const shunt_call_t *call) {
    SHUNT_POOL2D_RUN(call, reduce);
}
