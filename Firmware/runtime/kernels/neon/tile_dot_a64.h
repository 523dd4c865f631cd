// SPDX-License-Identifier: Apache-2.0
//
// tile_dot.h in assembly: compilers neither pair nor post-index the loads of four pixels and four
// quads. Included by tile.h.
//
// Inputs of four pixels are in v0 ... v7, weights in v8 ... v11. x9 ... x12 point to the inputs,
// x13 ... x16 to the weights of the quads: there are more than an assembly statement can have
// operands.

// One instruction a line.
// clang-format off

/// Four columns of four rows, for four pixels.
#define DOT(w, lane, x0, x1, x2, x3, a0, a1, a2, a3)                                               \
    "sdot   " a0 ".4s, " w ".16b, " x0 ".4b[" lane "]\n"                                           \
    "sdot   " a1 ".4s, " w ".16b, " x1 ".4b[" lane "]\n"                                           \
    "sdot   " a2 ".4s, " w ".16b, " x2 ".4b[" lane "]\n"                                           \
    "sdot   " a3 ".4s, " w ".16b, " x3 ".4b[" lane "]\n"
#define QUAD_8(weights, x0, x1, x2, x3, a0, a1, a2, a3)                                            \
    "ldp    q8, q9, [" weights "], #32\n"                                                          \
    DOT("v8", "0", x0, x1, x2, x3, a0, a1, a2, a3)                                                 \
    DOT("v9", "1", x0, x1, x2, x3, a0, a1, a2, a3)
#define QUAD_16(weights, x0, x1, x2, x3, a0, a1, a2, a3)                                           \
    "ld1    {v8.16b-v11.16b}, [" weights "], #64\n"                                                \
    DOT("v8", "0", x0, x1, x2, x3, a0, a1, a2, a3)                                                 \
    DOT("v9", "1", x0, x1, x2, x3, a0, a1, a2, a3)                                                 \
    DOT("v10", "2", x0, x1, x2, x3, a0, a1, a2, a3)                                                \
    DOT("v11", "3", x0, x1, x2, x3, a0, a1, a2, a3)

// Columns 0 ... 15 of the pixels are in v0, v2, v4, v6, columns 16 ... 31 in the others.
#define LOW_8(weights, a0, a1, a2, a3) QUAD_8(weights, "v0", "v2", "v4", "v6", a0, a1, a2, a3)
#define LOW_16(weights, a0, a1, a2, a3) QUAD_16(weights, "v0", "v2", "v4", "v6", a0, a1, a2, a3)
#define BOTH_16(weights, a0, a1, a2, a3)                                                           \
    LOW_16(weights, a0, a1, a2, a3)                                                                \
    QUAD_16(weights, "v1", "v3", "v5", "v7", a0, a1, a2, a3)
#define LOAD_8                                                                                     \
    "ldr    d0, [x9], #8\n"                                                                     \
    "ldr    d2, [x10], #8\n"                                                                     \
    "ldr    d4, [x11], #8\n"                                                                     \
    "ldr    d6, [x12], #8\n"
#define LOAD_16                                                                                    \
    "ldr    q0, [x9], #16\n"                                                                    \
    "ldr    q2, [x10], #16\n"                                                                    \
    "ldr    q4, [x11], #16\n"                                                                    \
    "ldr    q6, [x12], #16\n"
#define LOAD_32                                                                                    \
    "ldp    q0, q1, [x9], #32\n"                                                                \
    "ldp    q2, q3, [x10], #32\n"                                                                \
    "ldp    q4, q5, [x11], #32\n"                                                                \
    "ldp    q6, q7, [x12], #32\n"

/// One quad, then four of them.
#define TILE(products) products("x13", "v16", "v17", "v18", "v19")
#define WIDE_TILE(products)                                                                        \
    products("x13", "v16", "v20", "v24", "v28") products("x14", "v17", "v21", "v25", "v29")        \
    products("x15", "v18", "v22", "v26", "v30") products("x16", "v19", "v23", "v27", "v31")

/// The same columns of a single pixel for four quads, whose weights are in v8 ... v23 and sums in v24
/// ... v27.
#define PIXEL_DOT(x, lane, w0, w1, w2, w3)                                                         \
    "sdot   v24.4s, " w0 ".16b, " x ".4b[" lane "]\n"                                              \
    "sdot   v25.4s, " w1 ".16b, " x ".4b[" lane "]\n"                                              \
    "sdot   v26.4s, " w2 ".16b, " x ".4b[" lane "]\n"                                              \
    "sdot   v27.4s, " w3 ".16b, " x ".4b[" lane "]\n"
#define PIXEL_8(x)                                                                                 \
    "ldp    q8, q9, [%[w0]]\n"                                                                     \
    "ldp    q12, q13, [%[w1]]\n"                                                                   \
    "ldp    q16, q17, [%[w2]]\n"                                                                   \
    "ldp    q20, q21, [%[w3]]\n"                                                                   \
    PIXEL_DOT(x, "0", "v8", "v12", "v16", "v20")                                                   \
    PIXEL_DOT(x, "1", "v9", "v13", "v17", "v21")
#define PIXEL_16(x)                                                                                \
    "ld1    {v8.16b-v11.16b}, [%[w0]], #64\n"                                                      \
    "ld1    {v12.16b-v15.16b}, [%[w1]], #64\n"                                                     \
    "ld1    {v16.16b-v19.16b}, [%[w2]], #64\n"                                                     \
    "ld1    {v20.16b-v23.16b}, [%[w3]], #64\n"                                                     \
    PIXEL_DOT(x, "0", "v8", "v12", "v16", "v20")                                                   \
    PIXEL_DOT(x, "1", "v9", "v13", "v17", "v21")                                                   \
    PIXEL_DOT(x, "2", "v10", "v14", "v18", "v22")                                                  \
    PIXEL_DOT(x, "3", "v11", "v15", "v19", "v23")

/// All columns: 32 at a time, then what is left.
#define COLUMNS(load_32, products_32, load_16, products_16, load_8, products_8)                    \
    COLUMNS_16(load_32, products_32, load_16, products_16)                                         \
    "tbz    %w[depth], #3, 4f\n"                                                                   \
    load_8                                                                                         \
    products_8                                                                                     \
    "4:\n"
/// The same of a multiple of 16.
#define COLUMNS_16(load_32, products_32, load_16, products_16)                                     \
    "cbz    %[chunks], 2f\n"                                                                       \
    "1:\n"                                                                                         \
    load_32                                                                                        \
    products_32                                                                                    \
    "subs   %[chunks], %[chunks], #1\n"                                                            \
    "b.ne   1b\n"                                                                                  \
    "2:\n"                                                                                         \
    "tbz    %w[depth], #4, 3f\n"                                                                   \
    load_16                                                                                        \
    products_16                                                                                    \
    "3:\n"

/// A quad's bias for four pixels.
#define START(a0, a1, a2, a3, offset)                                                              \
    "ldr    q" a0 ", [%[bias], #" offset "]\n"                                                     \
    "mov    v" a1 ".16b, v" a0 ".16b\n"                                                            \
    "mov    v" a2 ".16b, v" a0 ".16b\n"                                                            \
    "mov    v" a3 ".16b, v" a0 ".16b\n"

INLINE void sum_tile(const pixels_t *pixels, uint32_t depth, const quad_t *quad,
                            int32x4_t sums[SHUNT_NEON_TILE]) {
    register int32x4_t sum0 __asm__("v16") = vld1q_s32(quad->record->bias);
    register int32x4_t sum1 __asm__("v17") = sum0;
    register int32x4_t sum2 __asm__("v18") = sum0;
    register int32x4_t sum3 __asm__("v19") = sum0;
    uint64_t chunks = depth / 32;
    __asm__ volatile("ldp    x9, x10, [%[pixels]]\n"
                     "ldp    x11, x12, [%[pixels], #16]\n"
                     "mov    x13, %[weights]\n"
                     COLUMNS(LOAD_32, TILE(BOTH_16), LOAD_16, TILE(LOW_16), LOAD_8, TILE(LOW_8))
                     : "+w"(sum0), "+w"(sum1), "+w"(sum2), "+w"(sum3), [chunks] "+r"(chunks)
                     : [depth] "r"(depth), [pixels] "r"(pixels->x), [weights] "r"(quad->weights)
                     : "memory", "cc", "x9", "x10", "x11", "x12", "x13", "v0", "v1", "v2", "v3",
                       "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11");
    sums[0] = sum0, sums[1] = sum1, sums[2] = sum2, sums[3] = sum3;
}

INLINE void sum_pixel(const int8_t *x, uint32_t depth, const quad_t quads[PIXEL_QUADS],
                             int32x4_t sums[PIXEL_QUADS]) {
    register int32x4_t sum0 __asm__("v24") = vld1q_s32(quads[0].record->bias);
    register int32x4_t sum1 __asm__("v25") = vld1q_s32(quads[1].record->bias);
    register int32x4_t sum2 __asm__("v26") = vld1q_s32(quads[2].record->bias);
    register int32x4_t sum3 __asm__("v27") = vld1q_s32(quads[3].record->bias);
    const int8_t *w0 = quads[0].weights, *w1 = quads[1].weights;
    const int8_t *w2 = quads[2].weights, *w3 = quads[3].weights;
    uint64_t chunks = depth / 32;
    __asm__ volatile(
        COLUMNS("ldp    q0, q1, [%[x]], #32\n", PIXEL_16("v0") PIXEL_16("v1"),
                "ldr    q0, [%[x]], #16\n", PIXEL_16("v0"), "ldr    d0, [%[x]], #8\n", PIXEL_8("v0"))
        : "+w"(sum0), "+w"(sum1), "+w"(sum2), "+w"(sum3), [x] "+r"(x), [w0] "+r"(w0),
          [w1] "+r"(w1), [w2] "+r"(w2), [w3] "+r"(w3), [chunks] "+r"(chunks)
        : [depth] "r"(depth)
        : "memory", "cc", "v0", "v1", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16",
          "v17", "v18", "v19", "v20", "v21", "v22", "v23");
    sums[0] = sum0, sums[1] = sum1, sums[2] = sum2, sums[3] = sum3;
}

// Sums of four neighbouring quads for four pixels.
#define WIDE_SUMS                                                                                  \
    register int32x4_t sum0 __asm__("v16");                                                        \
    register int32x4_t sum1 __asm__("v17");                                                        \
    register int32x4_t sum2 __asm__("v18");                                                        \
    register int32x4_t sum3 __asm__("v19");                                                        \
    register int32x4_t sum4 __asm__("v20");                                                        \
    register int32x4_t sum5 __asm__("v21");                                                        \
    register int32x4_t sum6 __asm__("v22");                                                        \
    register int32x4_t sum7 __asm__("v23");                                                        \
    register int32x4_t sum8 __asm__("v24");                                                        \
    register int32x4_t sum9 __asm__("v25");                                                        \
    register int32x4_t sum10 __asm__("v26");                                                       \
    register int32x4_t sum11 __asm__("v27");                                                       \
    register int32x4_t sum12 __asm__("v28");                                                       \
    register int32x4_t sum13 __asm__("v29");                                                       \
    register int32x4_t sum14 __asm__("v30");                                                       \
    register int32x4_t sum15 __asm__("v31");
#define WIDE_SUMS_OUT                                                                              \
    "=w"(sum0), "=w"(sum1), "=w"(sum2), "=w"(sum3),                                                \
    "=w"(sum4), "=w"(sum5), "=w"(sum6), "=w"(sum7),                                                \
    "=w"(sum8), "=w"(sum9), "=w"(sum10), "=w"(sum11),                                              \
    "=w"(sum12), "=w"(sum13), "=w"(sum14), "=w"(sum15)
#define STORE_WIDE_SUMS(sums)                                                                      \
    sums[0] = sum0, sums[1] = sum1, sums[2] = sum2, sums[3] = sum3;                                \
    sums[4] = sum4, sums[5] = sum5, sums[6] = sum6, sums[7] = sum7;                                \
    sums[8] = sum8, sums[9] = sum9, sums[10] = sum10, sums[11] = sum11;                            \
    sums[12] = sum12, sums[13] = sum13, sums[14] = sum14, sums[15] = sum15
#define WIDE_CLOBBERS                                                                              \
    "memory", "cc", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "v0", "v1", "v2", "v3",  \
    "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11"
#define START_WIDE                                                                                 \
    "mov    x13, %[weights]\n"                                                                     \
    "add    x14, x13, %[stride]\n"                                                                 \
    "add    x15, x14, %[stride]\n"                                                                 \
    "add    x16, x15, %[stride]\n"                                                                 \
    START("16", "20", "24", "28", "0") START("17", "21", "25", "29", "48")                         \
    START("18", "22", "26", "30", "96") START("19", "23", "27", "31", "144")
#define WIDE_COLUMNS                                                                               \
    COLUMNS(LOAD_32, WIDE_TILE(BOTH_16), LOAD_16, WIDE_TILE(LOW_16), LOAD_8, WIDE_TILE(LOW_8))

// The four quads are neighbours.
INLINE void sum_wide_tile(const pixels_t *pixels, uint32_t depth, const quad_t *quad,
                                 int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS]) {
    WIDE_SUMS
    uint64_t chunks = depth / 32;
    __asm__ volatile("ldp    x9, x10, [%[pixels]]\n"
                     "ldp    x11, x12, [%[pixels], #16]\n"
                     START_WIDE WIDE_COLUMNS
                     : WIDE_SUMS_OUT, [chunks] "+r"(chunks)
                     : [depth] "r"(depth), [stride] "r"(4 * (uint64_t)depth),
                       [pixels] "r"(pixels->x), [weights] "r"(quad->weights),
                       [bias] "r"(quad->record->bias)
                     : WIDE_CLOBBERS);
    STORE_WIDE_SUMS(sums);
}

// x3 is a row, x4 ... x7 are the pixels' places in it.
INLINE void sum_wide_rows(const pixel_rows_t *pixels, uint32_t depth, const quad_t *quad,
                                 int32x4_t sums[SHUNT_NEON_TILE * TILE_QUADS]) {
    WIDE_SUMS
    uint64_t chunks, count = pixels->count;
    const int8_t *const *rows = pixels->rows;
    __asm__ volatile("ldp    x4, x5, [%[places]]\n"
                     "ldp    x6, x7, [%[places], #16]\n"
                     START_WIDE
                     "5:\n"
                     "ldr    x3, [%[rows]], #8\n"
                     "lsr    %[chunks], %[depth], #5\n"
                     "add    x3, x3, %[at]\n"
                     "add    x9, x3, x4\n"
                     "add    x10, x3, x5\n"
                     "add    x11, x3, x6\n"
                     "add    x12, x3, x7\n"
                     COLUMNS_16(LOAD_32, WIDE_TILE(BOTH_16), LOAD_16, WIDE_TILE(LOW_16))
                     "subs   %[count], %[count], #1\n"
                     "b.ne   5b\n"
                     : WIDE_SUMS_OUT, [chunks] "=&r"(chunks), [count] "+r"(count),
                       [rows] "+r"(rows)
                     : [depth] "r"((uint64_t)pixels->run), [stride] "r"(4 * (uint64_t)depth),
                       [at] "r"(pixels->at), [places] "r"(pixels->place), [weights] "r"(quad->weights),
                       [bias] "r"(quad->record->bias)
                     : "x3", "x4", "x5", "x6", "x7", WIDE_CLOBBERS);
    STORE_WIDE_SUMS(sums);
}

// clang-format on
