// SPDX-License-Identifier: Apache-2.0
//
// depthwise_pair.h in assembly, for steps whose records are lines: each column is loaded once for
// the three outputs that use it. Included by depthwise_pair.h.
//
// Three columns are in v0 ... v5, the upper weights in v6 ... v11, the lower ones in v12 ... v17,
// biases in v18 and v19, multipliers in v20 and v21, offsets in v22, the clamp in v23 and v24.

// One instruction a line.
// clang-format off

#define PAIR_COLUMN(low, high)                                                                     \
    "ldr    q29, [%[above]], #16\n"                                                                \
    "ldr    q30, [%[below]], #16\n"                                                                \
    "zip1   " low ".8h, v29.8h, v30.8h\n"                                                          \
    "zip2   " high ".8h, v29.8h, v30.8h\n"
#define PAIR_DOT(u0, u1, l0, l1, low, high)                                                        \
    "sdot   v25.4s, " u0 ".16b, " low ".16b\n"                                                     \
    "sdot   v26.4s, " u1 ".16b, " high ".16b\n"                                                    \
    "sdot   v27.4s, " l0 ".16b, " low ".16b\n"                                                     \
    "sdot   v28.4s, " l1 ".16b, " high ".16b\n"
/// A pixel of both rows, whose last column is still to be loaded.
#define PAIR_PIXEL(low0, high0, low1, high1, low2, high2)                                          \
    "mov    v25.16b, v18.16b\n"                                                                    \
    "mov    v26.16b, v19.16b\n"                                                                    \
    "mov    v27.16b, v18.16b\n"                                                                    \
    "mov    v28.16b, v19.16b\n"                                                                    \
    PAIR_COLUMN(low2, high2)                                                                       \
    PAIR_DOT("v6", "v7", "v12", "v13", low0, high0)                                                \
    PAIR_DOT("v8", "v9", "v14", "v15", low1, high1)                                                \
    PAIR_DOT("v10", "v11", "v16", "v17", low2, high2)                                              \
    "sqdmulh v25.4s, v25.4s, v20.4s\n"                                                             \
    "sqdmulh v26.4s, v26.4s, v21.4s\n"                                                             \
    "sqdmulh v27.4s, v27.4s, v20.4s\n"                                                             \
    "sqdmulh v28.4s, v28.4s, v21.4s\n"                                                             \
    "sqxtn  v25.4h, v25.4s\n"                                                                      \
    "sqxtn  v27.4h, v27.4s\n"                                                                      \
    "sqxtn2 v25.8h, v26.4s\n"                                                                      \
    "sqxtn2 v27.8h, v28.4s\n"                                                                      \
    "sqadd  v25.8h, v25.8h, v22.8h\n"                                                              \
    "sqadd  v27.8h, v27.8h, v22.8h\n"                                                              \
    "sqxtn  v25.8b, v25.8h\n"                                                                      \
    "sqxtn2 v25.16b, v27.8h\n"                                                                     \
    "smax   v25.16b, v25.16b, v23.16b\n"                                                           \
    "smin   v25.16b, v25.16b, v24.16b\n"                                                           \
    "st1    {v25.d}[1], [%[lower]], %[step]\n"                                                     \
    "st1    {v25.8b}, [%[upper]], %[step]\n"                                                       \
    "subs   %w[left], %w[left], #1\n"

_Static_assert(offsetof(pair_t, bias) == 192 && offsetof(pair_t, offset) == 288, "constants");

INLINE void convolve_pair(const pair_t *pair, const requantization_t *r, const pair_rows_t *rows) {
    if (r->scaling != SCALING_LINE) {
        convolve_pair_c(pair, r, rows);
        return;
    }
    const int8_t *above = rows->upper_in, *below = rows->lower_in;
    int8_t *upper = rows->upper_out, *lower = rows->lower_out;
    uint32_t left = rows->count;
    __asm__ volatile(
        "ldp    q6, q7, [%[pair]]\n"
        "ldp    q8, q9, [%[pair], #32]\n"
        "ldp    q10, q11, [%[pair], #64]\n"
        "ldp    q12, q13, [%[pair], #96]\n"
        "ldp    q14, q15, [%[pair], #128]\n"
        "ldp    q16, q17, [%[pair], #160]\n"
        "ldp    q18, q19, [%[pair], #192]\n"
        "ldp    q20, q21, [%[pair], #224]\n"
        "ldp    q22, q23, [%[pair], #288]\n"
        "ldr    q24, [%[pair], #320]\n"
        PAIR_COLUMN("v0", "v1")
        PAIR_COLUMN("v2", "v3")
        "1:\n"
        PAIR_PIXEL("v0", "v1", "v2", "v3", "v4", "v5")
        "b.eq   2f\n"
        PAIR_PIXEL("v2", "v3", "v4", "v5", "v0", "v1")
        "b.eq   2f\n"
        PAIR_PIXEL("v4", "v5", "v0", "v1", "v2", "v3")
        "b.ne   1b\n"
        "2:\n"
        : [above] "+r"(above), [below] "+r"(below), [upper] "+r"(upper), [lower] "+r"(lower),
          [left] "+r"(left)
        : [pair] "r"(pair), [step] "r"(rows->out_step)
        : "memory", "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",
          "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24",
          "v25", "v26", "v27", "v28", "v29", "v30");
}

/// Copies `count` pixels of two rows, byte by byte of one and of the other.
INLINE void zip_rows(const int8_t *first, size_t first_step, const int8_t *second,
                     size_t second_step, uint32_t count, int8_t *out) {
    if (count == 0) {
        return;
    }
    __asm__ volatile("tbz    %w[count], #0, 1f\n"
                     "ld1    {v0.8b}, [%[first]], %[first_step]\n"
                     "ld1    {v1.8b}, [%[second]], %[second_step]\n"
                     "zip1   v0.16b, v0.16b, v1.16b\n"
                     "str    q0, [%[out]], #16\n"
                     "1:\n"
                     "lsr    %w[count], %w[count], #1\n"
                     "cbz    %w[count], 3f\n"
                     "2:\n"
                     "ld1    {v0.8b}, [%[first]], %[first_step]\n"
                     "ld1    {v1.8b}, [%[second]], %[second_step]\n"
                     "ld1    {v2.8b}, [%[first]], %[first_step]\n"
                     "ld1    {v3.8b}, [%[second]], %[second_step]\n"
                     "zip1   v0.16b, v0.16b, v1.16b\n"
                     "zip1   v1.16b, v2.16b, v3.16b\n"
                     "stp    q0, q1, [%[out]], #32\n"
                     "subs   %w[count], %w[count], #1\n"
                     "b.ne   2b\n"
                     "3:\n"
                     : [first] "+r"(first), [second] "+r"(second), [count] "+r"(count),
                       [out] "+r"(out)
                     : [first_step] "r"(first_step), [second_step] "r"(second_step)
                     : "memory", "cc", "v0", "v1", "v2", "v3");
}

// clang-format on
