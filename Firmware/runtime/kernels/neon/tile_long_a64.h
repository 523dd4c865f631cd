// SPDX-License-Identifier: Apache-2.0
//
// tile_long.h in assembly: compilers neither keep sixteen sums beside what LD4 wants in consecutive
// registers, nor pair and post-index the loads of four pixels. Included by tile.h.
//
// Inputs are in v8 and v9, columns 0 ... 15 of a quad in v0 ... v3, columns 16 ... 31 in v4 ... v7.

// One instruction a line.
// clang-format off

/// Products of columns 0 ... 7 or 8 ... 15, of four rows.
#define PRODUCTS(multiply, lanes, x, w0, w1, w2, w3)                                               \
    multiply " v10.8h, " w0 "." lanes ", " x "." lanes "\n" multiply " v11.8h, " w1 "." lanes      \
             ", " x "." lanes "\n" multiply " v12.8h, " w2 "." lanes ", " x "." lanes "\n" multiply \
             " v13.8h, " w3 "." lanes ", " x "." lanes "\n"
#define ADD_UP(a0, a1, a2, a3)                                                                     \
    "sadalp " a0 ".4s, v10.8h\n"                                                                   \
    "sadalp " a1 ".4s, v11.8h\n"                                                                   \
    "sadalp " a2 ".4s, v12.8h\n"                                                                   \
    "sadalp " a3 ".4s, v13.8h\n"

/// Products of one pixel with one quad, for its sums in a0 ... a3.
#define WHOLE_32(w0, w1, w2, w3, w4, w5, w6, w7, a0, a1, a2, a3)                                   \
    PRODUCTS("smull", "8b", "v8", w0, w1, w2, w3)                                                  \
    PRODUCTS("smlal2", "16b", "v8", w0, w1, w2, w3)                                                \
    PRODUCTS("smlal", "8b", "v9", w4, w5, w6, w7)                                                  \
    PRODUCTS("smlal2", "16b", "v9", w4, w5, w6, w7) ADD_UP(a0, a1, a2, a3)
#define HALVES_32(w0, w1, w2, w3, w4, w5, w6, w7, a0, a1, a2, a3)                                  \
    PRODUCTS("smull", "8b", "v8", w0, w1, w2, w3)                                                  \
    PRODUCTS("smlal2", "16b", "v8", w0, w1, w2, w3)                                                \
    ADD_UP(a0, a1, a2, a3)                                                                         \
    PRODUCTS("smull", "8b", "v9", w4, w5, w6, w7)                                                  \
    PRODUCTS("smlal2", "16b", "v9", w4, w5, w6, w7) ADD_UP(a0, a1, a2, a3)
#define LAST_16(w0, w1, w2, w3, a0, a1, a2, a3)                                                    \
    PRODUCTS("smull", "8b", "v8", w0, w1, w2, w3)                                                  \
    PRODUCTS("smlal2", "16b", "v8", w0, w1, w2, w3) ADD_UP(a0, a1, a2, a3)
#define LAST_8(w0, w1, w2, w3, a0, a1, a2, a3)                                                     \
    PRODUCTS("smull", "8b", "v8", w0, w1, w2, w3) ADD_UP(a0, a1, a2, a3)

#define START(a0, a1, a2, a3, bias)                                                                \
    "ldp    " a0 ", " a1 ", [" bias "]\n"                                                          \
    "ldp    " a2 ", " a3 ", [" bias ", #8]\n"
#define REDUCE(a0, a1, a2, a3)                                                                     \
    "addp   " a0 ".4s, " a0 ".4s, " a1 ".4s\n"                                                     \
    "addp   " a2 ".4s, " a2 ".4s, " a3 ".4s\n"                                                     \
    "addp   " a0 ".4s, " a0 ".4s, " a2 ".4s\n"

/// The four pixels of a tile, one after the other.
#define TILE_32(products)                                                                          \
    "ldp    q8, q9, [%[x0]], #32\n" products("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7",       \
                                             "v16", "v17", "v18", "v19")                           \
    "ldp    q8, q9, [%[x1]], #32\n" products("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7",       \
                                             "v20", "v21", "v22", "v23")                           \
    "ldp    q8, q9, [%[x2]], #32\n" products("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7",       \
                                             "v24", "v25", "v26", "v27")                           \
    "ldp    q8, q9, [%[x3]], #32\n" products("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7",       \
                                             "v28", "v29", "v30", "v31")
#define TILE_REST(load, products)                                                                  \
    load("%[x0]") products("v0", "v1", "v2", "v3", "v16", "v17", "v18", "v19")                     \
    load("%[x1]") products("v0", "v1", "v2", "v3", "v20", "v21", "v22", "v23")                     \
    load("%[x2]") products("v0", "v1", "v2", "v3", "v24", "v25", "v26", "v27")                     \
    load("%[x3]") products("v0", "v1", "v2", "v3", "v28", "v29", "v30", "v31")
#define LOAD_16(x) "ldr    q8, [" x "], #16\n"
#define LOAD_8(x) "ldr    d8, [" x "], #8\n"

/// Two quads of a single pixel.
#define PAIR_32(products)                                                                          \
    products("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19")           \
    products("v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31")
#define PAIR_REST(products)                                                                        \
    products("v0", "v1", "v2", "v3", "v16", "v17", "v18", "v19")                                   \
    products("v20", "v21", "v22", "v23", "v28", "v29", "v30", "v31")

INLINE void sum_tile(const pixels_t *pixels, uint32_t depth, const quad_t *quad,
                            int32x4_t sums[SHUNT_NEON_TILE]) {
    register int32x4_t sum0 __asm__("v16");
    register int32x4_t sum1 __asm__("v20");
    register int32x4_t sum2 __asm__("v24");
    register int32x4_t sum3 __asm__("v28");
    const int8_t *x0 = pixels->x[0], *x1 = pixels->x[1];
    const int8_t *x2 = pixels->x[2], *x3 = pixels->x[3];
    const int8_t *weights = quad->weights;
    const uint64_t *plan = quad->plan;
    uint64_t words = ((uint64_t)depth + 992) >> 10, entries;
    __asm__ volatile( //
        START("s16", "s17", "s18", "s19", "%[bias]")
        START("s20", "s21", "s22", "s23", "%[bias]")
        START("s24", "s25", "s26", "s27", "%[bias]")
        START("s28", "s29", "s30", "s31", "%[bias]")
        "cbz    %[words], 5f\n"
        "1:\n"
        "ldr    %[entries], [%[plan]], #8\n"
        "2:\n"
        "ld4    {v0.4s-v3.4s}, [%[weights]], #64\n"
        "ld4    {v4.4s-v7.4s}, [%[weights]], #64\n"
        "tbnz   %[entries], #0, 3f\n"
        TILE_32(WHOLE_32)
        "lsr    %[entries], %[entries], #2\n"
        "cbnz   %[entries], 2b\n"
        "b      4f\n"
        "3:\n"
        TILE_32(HALVES_32)
        "lsr    %[entries], %[entries], #2\n"
        "cbnz   %[entries], 2b\n"
        "4:\n"
        "sub    %[words], %[words], #1\n"
        "cbnz   %[words], 1b\n"
        "5:\n"
        "tbz    %w[depth], #4, 6f\n"
        "ld4    {v0.4s-v3.4s}, [%[weights]], #64\n"
        TILE_REST(LOAD_16, LAST_16)
        "6:\n"
        "tbz    %w[depth], #3, 7f\n"
        "ld4    {v0.2s-v3.2s}, [%[weights]]\n"
        TILE_REST(LOAD_8, LAST_8)
        "7:\n"
        REDUCE("v16", "v17", "v18", "v19")
        REDUCE("v20", "v21", "v22", "v23")
        REDUCE("v24", "v25", "v26", "v27")
        REDUCE("v28", "v29", "v30", "v31")
        : "=w"(sum0), "=w"(sum1), "=w"(sum2), "=w"(sum3), [x0] "+r"(x0), [x1] "+r"(x1),
          [x2] "+r"(x2), [x3] "+r"(x3), [weights] "+r"(weights), [plan] "+r"(plan),
          [words] "+r"(words), [entries] "=&r"(entries)
        : [depth] "r"(depth), [bias] "r"(quad->record->bias)
        : "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",
          "v13", "v17", "v18", "v19", "v21", "v22", "v23", "v25", "v26", "v27", "v29", "v30",
          "v31");
    sums[0] = sum0, sums[1] = sum1, sums[2] = sum2, sums[3] = sum3;
}

// Where either quad's entry says halves, so do both.
INLINE void sum_pixel(const int8_t *x, uint32_t depth, const quad_t quads[PIXEL_QUADS],
                             int32x4_t sums[PIXEL_QUADS]) {
    register int32x4_t sum0 __asm__("v16");
    register int32x4_t sum1 __asm__("v28");
    const int8_t *weights0 = quads[0].weights, *weights1 = quads[1].weights;
    const uint64_t *plan0 = quads[0].plan, *plan1 = quads[1].plan;
    uint64_t words = ((uint64_t)depth + 992) >> 10, entries, others;
    __asm__ volatile( //
        START("s16", "s17", "s18", "s19", "%[bias0]")
        START("s28", "s29", "s30", "s31", "%[bias1]")
        "cbz    %[words], 5f\n"
        "1:\n"
        "ldr    %[entries], [%[plan0]], #8\n"
        "ldr    %[others], [%[plan1]], #8\n"
        "orr    %[entries], %[entries], %[others]\n"
        "2:\n"
        "ld4    {v0.4s-v3.4s}, [%[weights0]], #64\n"
        "ld4    {v4.4s-v7.4s}, [%[weights0]], #64\n"
        "ld4    {v20.4s-v23.4s}, [%[weights1]], #64\n"
        "ld4    {v24.4s-v27.4s}, [%[weights1]], #64\n"
        "ldp    q8, q9, [%[x]], #32\n"
        "tbnz   %[entries], #0, 3f\n"
        PAIR_32(WHOLE_32)
        "lsr    %[entries], %[entries], #2\n"
        "cbnz   %[entries], 2b\n"
        "b      4f\n"
        "3:\n"
        PAIR_32(HALVES_32)
        "lsr    %[entries], %[entries], #2\n"
        "cbnz   %[entries], 2b\n"
        "4:\n"
        "sub    %[words], %[words], #1\n"
        "cbnz   %[words], 1b\n"
        "5:\n"
        "tbz    %w[depth], #4, 6f\n"
        "ld4    {v0.4s-v3.4s}, [%[weights0]], #64\n"
        "ld4    {v20.4s-v23.4s}, [%[weights1]], #64\n"
        LOAD_16("%[x]") PAIR_REST(LAST_16)
        "6:\n"
        "tbz    %w[depth], #3, 7f\n"
        "ld4    {v0.2s-v3.2s}, [%[weights0]]\n"
        "ld4    {v20.2s-v23.2s}, [%[weights1]]\n"
        LOAD_8("%[x]") PAIR_REST(LAST_8)
        "7:\n"
        REDUCE("v16", "v17", "v18", "v19")
        REDUCE("v28", "v29", "v30", "v31")
        : "=w"(sum0), "=w"(sum1), [x] "+r"(x), [weights0] "+r"(weights0),
          [weights1] "+r"(weights1), [plan0] "+r"(plan0), [plan1] "+r"(plan1), [words] "+r"(words),
          [entries] "=&r"(entries), [others] "=&r"(others)
        : [depth] "r"(depth), [bias0] "r"(quads[0].record->bias),
          [bias1] "r"(quads[1].record->bias)
        : "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",
          "v13", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v29",
          "v30", "v31");
    sums[0] = sum0, sums[1] = sum1;
}

// clang-format on
