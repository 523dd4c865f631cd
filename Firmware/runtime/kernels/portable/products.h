// SPDX-License-Identifier: Apache-2.0
//
// What requantization of many accumulators spends its time with. No instruction depends on the
// data.
#ifndef SHUNT_PORTABLE_PRODUCTS_H
#define SHUNT_PORTABLE_PRODUCTS_H

#include <stdint.h>

/// A product of 64 bits.
typedef struct product {
    int32_t high;
    uint32_t low;
} product_t;

// Armv6-M has neither products of 64 bits, for which the compiler would call a function, nor
// instructions that are executed on a condition.
#if defined(__ARM_ARCH_6M__) && !defined(__OPTIMIZE_SIZE__)

/// a * b for b at least 0, by halves of both: none of the sums reaches 2^32.
static inline product_t multiply_wide(int32_t a, int32_t b) {
    const uint32_t a_low = (uint32_t)a & UINT16_MAX, b_low = (uint32_t)b & UINT16_MAX;
    const int32_t a_high = a >> 16, b_high = b >> 16;
    const uint32_t low = a_low * b_low;
    const int32_t middle = a_high * (int32_t)b_low + (int32_t)(low >> 16);
    const uint32_t carried = ((uint32_t)middle & UINT16_MAX) + a_low * (uint32_t)b_high;
    return (product_t){a_high * b_high + (middle >> 16) + (int32_t)(carried >> 16),
                       carried << 16 | (low & UINT16_MAX)};
}

/// a * b / 2^32, rounded down, for b at least 0.
static inline int32_t product_high(int32_t a, int32_t b) {
    return multiply_wide(a, b).high;
}

/// a * b / 2^31, rounded to nearest, halves up, for b at least 0.
static inline int32_t product_rounded(int32_t a, int32_t b) {
    const product_t product = multiply_wide(a, b);
    return (int32_t)((uint32_t)product.high * 2 + (((product.low >> 30) + 1) >> 1));
}

/// The same for b at least 2^30.
static inline int32_t product_of_scale(int32_t a, int32_t b) {
    return product_rounded(a, b);
}

/// A sum, and its bounds.
typedef struct limits {
    int32_t offset_above_min, span, max;
} limits_t;

static inline limits_t limits(int32_t offset, int32_t min, int32_t max) {
    return (limits_t){(int32_t)((uint32_t)offset - (uint32_t)min), max - min, max};
}

/// value + offset, brought into min ... max, if the sum's distance from min fits an int32_t.
static inline int32_t limited(int32_t value, limits_t limits) {
    const int32_t above = (int32_t)((uint32_t)value + (uint32_t)limits.offset_above_min);
    const int32_t below = (above & ~(above >> 31)) - limits.span;
    return (below & (below >> 31)) + limits.max;
}

#else

static inline product_t multiply_wide(int32_t a, int32_t b) {
    const int64_t product = (int64_t)a * b;
    return (product_t){(int32_t)(product >> 32), (uint32_t)product};
}

static inline int32_t product_high(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b) >> 32);
}

static inline int32_t product_rounded(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

static inline int32_t product_of_scale(int32_t a, int32_t b) {
    // Of a * 2b, the upper word and the bit behind it: 2b is 2^32 more than it is as an int32_t.
    const int64_t product = (int64_t)a * (int32_t)((uint32_t)b * 2);
    const uint32_t high = (uint32_t)(product >> 32) + (uint32_t)a;
    return (int32_t)(high + ((uint32_t)product >> 31));
}

typedef struct limits {
    int32_t offset, min, max;
} limits_t;

static inline limits_t limits(int32_t offset, int32_t min, int32_t max) {
    return (limits_t){offset, min, max};
}

static inline int32_t limited(int32_t value, limits_t limits) {
    // One after the other, lest the compiler branch.
    const int32_t sum = (int32_t)((uint32_t)value + (uint32_t)limits.offset);
    const int32_t above = sum > limits.min ? sum : limits.min;
    return above < limits.max ? above : limits.max;
}

#endif

// Armv7-M has one instruction that brings a number into -128 ... 127.
#if defined(__ARM_ARCH_7M__)

enum {
    HAS_SATURATION = 1 ///< Whether saturated() is faster than limited().
};

static inline int32_t saturated(int32_t value) {
    int32_t result;
    __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(value) : "cc");
    return result;
}

/// value / 2, rounded down, brought into -128 ... 127.
static inline int32_t saturated_half(int32_t value) {
    int32_t result;
    __asm__("ssat %0, #8, %1, asr #1" : "=r"(result) : "r"(value) : "cc");
    return result;
}

#else

enum { HAS_SATURATION = 0 };

static inline int32_t saturated(int32_t value) {
    return value < INT8_MIN ? INT8_MIN : value > INT8_MAX ? INT8_MAX : value;
}

static inline int32_t saturated_half(int32_t value) {
    return saturated(value >> 1);
}

#endif

#endif
