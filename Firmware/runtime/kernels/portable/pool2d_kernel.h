// SPDX-License-Identifier: Apache-2.0
//
// The body of a pool's kernel. The file that includes it, once, has included pool2d.h and defined
//
//     POOL_KERNEL     the kernel's name, such as average_pool2d_s8
//     POOL_KERNEL_ID  its shunt_kernel_id_t
//     POOL_ELEMENT    int8_t or int16_t
//     POOL_TYPE       the shunt_type_t of that
//     POOL_START      what it gathers before the first element
//
// and two functions: `gather` takes one more element, `finish` makes the output of what was
// gathered from a number of elements.
#define POOL_TEXT_(name) #name
#define POOL_TEXT(name) POOL_TEXT_(name)

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

const shunt_kernel_t SHUNT_KERNEL_SYMBOL(POOL_KERNEL) = {
    .id = POOL_KERNEL_ID,
    .set = SHUNT_SET_PORTABLE,
    .version = 1,
    .name = POOL_TEXT(POOL_KERNEL),
    .check = check,
    .run = run,
};
