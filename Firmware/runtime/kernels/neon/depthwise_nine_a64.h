// SPDX-License-Identifier: Apache-2.0
//
// The rows of depthwise_nine.h in assembly, for steps whose records are lines: compilers copy the
// lower halves of vectors, and reload what they have no register for. Included by
// depthwise_nine.h.
//
// Weights are in v0 ... v8, biases in v9 ... v12, offsets in v13 and v14, multipliers in v15 ...
// v18, inputs of a row of taps in v19 ... v21, sums in v22 ... v25, the clamp in v30 and v31.

// One instruction a line.
// clang-format off

#define NINE_FIRST(low, high, w, x)                                                                \
    "smull  " low ".8h, " w ".8b, " x ".8b\n"                                                      \
    "smull2 " high ".8h, " w ".16b, " x ".16b\n"
#define NINE_SECOND(low, high, w, x)                                                               \
    "smlal  " low ".8h, " w ".8b, " x ".8b\n"                                                      \
    "smlal2 " high ".8h, " w ".16b, " x ".16b\n"
#define NINE_WIDEN(a0, a1, a2, a3, low, high)                                                      \
    "saddw  v22.4s, " a0 ".4s, " low ".4h\n"                                                       \
    "saddw2 v23.4s, " a1 ".4s, " low ".8h\n"                                                       \
    "saddw  v24.4s, " a2 ".4s, " high ".4h\n"                                                      \
    "saddw2 v25.4s, " a3 ".4s, " high ".8h\n"
#define NINE_START NINE_WIDEN("v9", "v10", "v11", "v12", "v26", "v27")
#define NINE_ADD(low, high) NINE_WIDEN("v22", "v23", "v24", "v25", low, high)

#define NINE_CONSTANTS                                                                             \
    "ldp    q0, q1, [%[nine]]\n"                                                                   \
    "ldp    q2, q3, [%[nine], #32]\n"                                                              \
    "ldp    q4, q5, [%[nine], #64]\n"                                                              \
    "ldp    q6, q7, [%[nine], #96]\n"                                                              \
    "ldp    q8, q9, [%[nine], #128]\n"                                                             \
    "ldp    q10, q11, [%[nine], #160]\n"                                                           \
    "ldp    q12, q15, [%[nine], #192]\n"                                                           \
    "ldp    q16, q17, [%[nine], #224]\n"                                                           \
    "ldr    q18, [%[nine], #256]\n"                                                                \
    "ldp    q13, q14, [%[nine], #336]\n"                                                           \
    "ldp    q30, q31, [%[nine], #368]\n"

/// Sixteen lanes; `load` brings a row of taps and moves its pointer on.
#define NINE_LANES(load, store)                                                                    \
    "1:\n"                                                                                         \
    load("%[in0]")                                                                                 \
    NINE_FIRST("v26", "v27", "v0", "v19")                                                          \
    NINE_FIRST("v28", "v29", "v2", "v21")                                                          \
    NINE_SECOND("v26", "v27", "v1", "v20")                                                         \
    load("%[in1]")                                                                                 \
    NINE_START                                                                                     \
    NINE_SECOND("v28", "v29", "v3", "v19")                                                         \
    NINE_FIRST("v26", "v27", "v4", "v20")                                                          \
    NINE_ADD("v28", "v29")                                                                         \
    NINE_SECOND("v26", "v27", "v5", "v21")                                                         \
    load("%[in2]")                                                                                 \
    NINE_ADD("v26", "v27")                                                                         \
    NINE_FIRST("v28", "v29", "v6", "v19")                                                          \
    NINE_FIRST("v26", "v27", "v8", "v21")                                                          \
    NINE_SECOND("v28", "v29", "v7", "v20")                                                         \
    NINE_ADD("v26", "v27")                                                                         \
    NINE_ADD("v28", "v29")                                                                         \
    "sqdmulh v22.4s, v22.4s, v15.4s\n"                                                             \
    "sqdmulh v23.4s, v23.4s, v16.4s\n"                                                             \
    "sqdmulh v24.4s, v24.4s, v17.4s\n"                                                             \
    "sqdmulh v25.4s, v25.4s, v18.4s\n"                                                             \
    "sqxtn  v26.4h, v22.4s\n"                                                                      \
    "sqxtn  v27.4h, v24.4s\n"                                                                      \
    "sqxtn2 v26.8h, v23.4s\n"                                                                      \
    "sqxtn2 v27.8h, v25.4s\n"                                                                      \
    "sqadd  v26.8h, v26.8h, v13.8h\n"                                                              \
    "sqadd  v27.8h, v27.8h, v14.8h\n"                                                              \
    "sqxtn  v26.8b, v26.8h\n"                                                                      \
    "sqxtn2 v26.16b, v27.8h\n"                                                                     \
    "smax   v26.16b, v26.16b, v30.16b\n"                                                           \
    "smin   v26.16b, v26.16b, v31.16b\n"                                                           \
    store                                                                                          \
    "subs   %w[left], %w[left], #1\n"                                                              \
    "b.ne   1b\n"

// Taps any number of bytes apart; neighbours of 16 bytes; neighbours of 8 bytes.
#define NINE_LOAD_ANY(in)                                                                          \
    "ldr    q19, [" in "]\n"                                                                       \
    "ldr    q20, [" in ", %[tap]]\n"                                                               \
    "ldr    q21, [" in ", %[second]]\n"                                                            \
    "add    " in ", " in ", %[step]\n"
#define NINE_LOAD_16(in)                                                                           \
    "ldp    q19, q20, [" in "], #16\n"                                                             \
    "ldr    q21, [" in ", #16]\n"
#define NINE_LOAD_8(in)                                                                            \
    "ldr    q19, [" in "], #16\n"                                                                  \
    "ldur   q20, [" in ", #-8]\n"                                                                  \
    "ldr    q21, [" in "]\n"
#define NINE_STORE_16 "st1    {v26.16b}, [%[out]], %[out_step]\n"
#define NINE_STORE_8                                                                               \
    "st1    {v26.8b}, [%[out]], %[out_step]\n"                                                     \
    "st1    {v26.d}[1], [%[out]], %[out_step]\n"

#define NINE_CLOBBERS                                                                              \
    "memory", "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",      \
        "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", \
        "v25", "v26", "v27", "v28", "v29", "v30", "v31"

_Static_assert(offsetof(nine_t, bias) == 144 && offsetof(nine_t, multiplier) == 208 &&
                   offsetof(nine_t, offset) == 336 && offsetof(nine_t, min) == 368,
               "NINE_CONSTANTS");

/// Computes a row of sixteen channels, wherever its taps lie.
INLINE void convolve_nine(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    if (r->scaling != SCALING_LINE) {
        convolve_nine_c(nine, r, row);
        return;
    }
    const int8_t *in0 = row->in[0], *in1 = row->in[1], *in2 = row->in[2];
    int8_t *out = row->out;
    uint32_t left = row->count;
    __asm__ volatile(NINE_CONSTANTS NINE_LANES(NINE_LOAD_ANY, NINE_STORE_16)
                     : [in0] "+r"(in0), [in1] "+r"(in1), [in2] "+r"(in2), [out] "+r"(out),
                       [left] "+r"(left)
                     : [nine] "r"(nine), [tap] "r"(row->tap), [second] "r"(2 * row->tap),
                       [step] "r"(row->step), [out_step] "r"(row->out_step)
                     : NINE_CLOBBERS);
}

/// Computes a row of sixteen channels from copied rows: taps and steps have 16 bytes.
INLINE void convolve_sixteen(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    if (r->scaling != SCALING_LINE) {
        convolve_nine_c(nine, r, row);
        return;
    }
    const int8_t *in0 = row->in[0], *in1 = row->in[1], *in2 = row->in[2];
    int8_t *out = row->out;
    uint32_t left = row->count;
    __asm__ volatile(NINE_CONSTANTS NINE_LANES(NINE_LOAD_16, NINE_STORE_16)
                     : [in0] "+r"(in0), [in1] "+r"(in1), [in2] "+r"(in2), [out] "+r"(out),
                       [left] "+r"(left)
                     : [nine] "r"(nine), [out_step] "r"(row->out_step)
                     : NINE_CLOBBERS);
}

/// Computes a row of eight channels from copied rows: taps have 8 bytes.
INLINE void convolve_eight(const nine_t *nine, const requantization_t *r, const nine_row_t *row) {
    if (r->scaling != SCALING_LINE || row->count < 2) {
        convolve_eight_c(nine, r, row);
        return;
    }
    const int8_t *in0 = row->in[0], *in1 = row->in[1], *in2 = row->in[2];
    int8_t *out = row->out;
    uint32_t left = row->count / 2;
    __asm__ volatile(NINE_CONSTANTS NINE_LANES(NINE_LOAD_8, NINE_STORE_8)
                     : [in0] "+r"(in0), [in1] "+r"(in1), [in2] "+r"(in2), [out] "+r"(out),
                       [left] "+r"(left)
                     : [nine] "r"(nine), [out_step] "r"(row->out_step)
                     : NINE_CLOBBERS);
    if (row->count % 2 != 0) {
        const nine_row_t last = {{in0, in1, in2}, 8, 16, out, row->out_step, 1};
        convolve_eight_c(nine, r, &last);
    }
}

// clang-format on
