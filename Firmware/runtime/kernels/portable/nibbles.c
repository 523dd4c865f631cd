// SPDX-License-Identifier: Apache-2.0
#include "nibbles.h"

enum {
    BLOCK = 16 ///< Products that a half word holds the sum of: 16 * 15 * 128 < 2^15.
};

/// A nibble of both rows of a pair.
#define BOTH UINT32_C(0x000F000F)

/// Sums over a run: of in * nibble for each row, and of in.
typedef struct run_sums {
    uint32_t rows[CHANNEL_BLOCK];
    uint32_t in;
} run_sums_t;

/// The lower half of a word with one sum in each half.
static uint32_t lower_sum(uint32_t both) {
    return (uint32_t)(int32_t)(int16_t)(both & UINT16_MAX);
}

/// The upper one, without what the lower one borrowed of it.
static uint32_t upper_sum(uint32_t both) {
    return (uint32_t)(int32_t)(int16_t)((both - lower_sum(both)) >> 16);
}

/// One sum of products in each half, for each of two pairs of rows, and the sum of what was
/// multiplied.
typedef struct block_sums {
    uint32_t pair0, pair1, in;
} block_sums_t;

/// Adds the products with one nibble of each row. A multiplication serves both rows of a pair.
static inline void add_element(block_sums_t *sums, int8_t in, uint32_t nibbles0,
                               uint32_t nibbles1) {
    const uint32_t x = (uint32_t)(int32_t)in;
    sums->in += x;
    sums->pair0 += x * nibbles0;
    sums->pair1 += x * nibbles1;
}

/// add_element for the four elements of a word.
static inline void add_word(block_sums_t *sums, const int8_t *in, uint32_t word0, uint32_t word1,
                            uint32_t mask) {
    add_element(sums, in[0], word0 & mask, word1 & mask);
    add_element(sums, in[1], word0 >> 4 & mask, word1 >> 4 & mask);
    add_element(sums, in[2], word0 >> 8 & mask, word1 >> 8 & mask);
    add_element(sums, in[3], word0 >> 12 & mask, word1 >> 12 & mask);
}

/// Adds `count` <= BLOCK products of four rows: the pair at `pair`, and that `stride` words behind.
static inline void add_block(run_sums_t *sums, const int8_t *in, const uint32_t *pair,
                             size_t stride, uint32_t mask, uint32_t count) {
    block_sums_t block = {0, 0, sums->in};
    if (count == BLOCK) {
        const uint32_t *next = pair + stride;
        add_word(&block, in, pair[0], next[0], mask);
        add_word(&block, in + 4, pair[1], next[1], mask);
        add_word(&block, in + 8, pair[2], next[2], mask);
        add_word(&block, in + 12, pair[3], next[3], mask);
    } else {
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t shift = 4 * (i % 4);
            add_element(&block, in[i], pair[i / 4] >> shift & mask,
                        pair[i / 4 + stride] >> shift & mask);
        }
    }
    sums->in = block.in;
    sums->rows[0] += lower_sum(block.pair0);
    sums->rows[1] += upper_sum(block.pair0);
    sums->rows[2] += lower_sum(block.pair1);
    sums->rows[3] += upper_sum(block.pair1);
}

/// Adds the sums of a run, each times its multiplier, to two rows. A nibble is 8 above the number
/// that it stands for.
static void add_pair(uint32_t *acc, const uint32_t *sums, uint32_t sum_in, uint32_t multipliers) {
    acc[0] += (multipliers & 15) * (sums[0] - 8 * sum_in);
    acc[1] += (multipliers >> 4) * (sums[1] - 8 * sum_in);
}

void SHUNT_ACCUMULATE_NIBBLES(uint32_t *acc, const int8_t *in, const nibble_rows_t *rows,
                              uint32_t first, uint32_t count) {
    // Where no second pair is left, the first one is taken twice.
    const bool is_last = count <= 2;
    const size_t stride = is_last ? 0 : rows->words;
    const uint32_t *pair = rows->weights + (size_t)(first / 2) * rows->words;
    const uint8_t *multipliers = rows->multipliers + (size_t)(first / 2) * rows->runs;
    const uint32_t mask = rows->mask;
    uint32_t left = rows->length;
    while (left > 0) {
        run_sums_t sums = {{0}, 0};
        uint32_t run = left < rows->run_length ? left : rows->run_length;
        left -= run;
        while (run > 0) {
            const uint32_t block = run < BLOCK ? run : BLOCK;
            add_block(&sums, in, pair, stride, mask, block);
            run -= block;
            in += block;
            pair += BLOCK / 4;
        }
        add_pair(acc, sums.rows, sums.in, multipliers[0]);
        add_pair(acc + 2, sums.rows + 2, sums.in, multipliers[is_last ? 0 : rows->runs]);
        multipliers++;
    }
}

static uint64_t words_of_row(uint64_t length) {
    return (length + 3) / 4;
}

static uint64_t runs_of_row(uint64_t length, uint32_t run_length) {
    return (length + run_length - 1) / run_length;
}

bool SHUNT_CHECK_NIBBLES(const shunt_call_t *call, uint32_t weights, const shunt_nibbles_t *nibbles,
                         uint32_t groups, uint32_t rows, uint64_t length) {
    const uint32_t run = nibbles->run_length;
    if (run == 0 || run % BLOCK != 0 || nibbles->reserved[0] != 0 || nibbles->reserved[1] != 0) {
        return false;
    }
    const uint64_t pairs = (uint64_t)groups * ((rows + 1) / 2);
    return shunt_constants_valid(call, weights, pairs * words_of_row(length) * 4) &&
           shunt_constants_valid(call, nibbles->multipliers, pairs * runs_of_row(length, run));
}

nibble_rows_t SHUNT_NIBBLE_ROWS(const shunt_call_t *call, uint32_t weights,
                                const shunt_nibbles_t *nibbles, uint32_t length) {
    return (nibble_rows_t){
        .weights = shunt_constants(call, weights),
        .multipliers = shunt_constants(call, nibbles->multipliers),
        .length = length,
        .run_length = nibbles->run_length,
        .words = (uint32_t)words_of_row(length),
        .runs = (uint32_t)runs_of_row(length, nibbles->run_length),
        .mask = BOTH,
    };
}
