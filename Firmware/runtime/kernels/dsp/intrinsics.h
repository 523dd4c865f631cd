// SPDX-License-Identifier: Apache-2.0
//
// The instructions of Armv7E-M and of the DSP extension of Armv8-M Mainline that the kernels use,
// as functions. Elsewhere each of them is plain C that yields the same bits: the kernels of this
// set also run, under sanitizers, on the machine that packs.
//
// Names are the instructions'. Operands are words without a sign; halves and bytes of them count as
// signed where the instruction says so. All results wrap.
#ifndef SHUNT_DSP_INTRINSICS_H
#define SHUNT_DSP_INTRINSICS_H

#include <stdint.h>
#include <string.h>

/// Whether the instructions are there.
#if defined(__arm__) && defined(__ARM_FEATURE_DSP)
#define SHUNT_DSP_INSTRUCTIONS 1
#else
#define SHUNT_DSP_INSTRUCTIONS 0
#endif

/// A word at any address. Not for LDM or LDRD, which need aligned ones: hence not for two
/// neighbours that a compiler could join, unless it knows that the address is aligned.
static inline uint32_t load_word(const void *address) {
    uint32_t word;
    memcpy(&word, address, sizeof word);
    return word;
}

/// A half word, without its sign, at any address.
static inline uint32_t load_half(const void *address) {
    uint16_t half;
    memcpy(&half, address, sizeof half);
    return half;
}

/// Stores a word at any address.
static inline void store_word(void *address, uint32_t word) {
    memcpy(address, &word, sizeof word);
}

#if SHUNT_DSP_INSTRUCTIONS

// A macro for instructions of two and one of three operands: they are all alike.
#define SHUNT_DSP_UNARY(name, text)                                                                \
    static inline uint32_t name(uint32_t a) {                                                      \
        uint32_t result;                                                                           \
        __asm__(text : "=r"(result) : "r"(a));                                                     \
        return result;                                                                             \
    }
#define SHUNT_DSP_BINARY(name, text)                                                               \
    static inline uint32_t name(uint32_t a, uint32_t b) {                                          \
        uint32_t result;                                                                           \
        __asm__(text : "=r"(result) : "r"(a), "r"(b));                                             \
        return result;                                                                             \
    }
#define SHUNT_DSP_TERNARY(name, text)                                                              \
    static inline uint32_t name(uint32_t a, uint32_t b, uint32_t c) {                              \
        uint32_t result;                                                                           \
        __asm__(text : "=r"(result) : "r"(a), "r"(b), "r"(c));                                     \
        return result;                                                                             \
    }

/// c + a.low * b.low + a.high * b.high
SHUNT_DSP_TERNARY(smlad, "smlad %0, %1, %2, %3")
/// c + a.low * b.low
SHUNT_DSP_TERNARY(smlabb, "smlabb %0, %1, %2, %3")
/// c + a.high * b.high
SHUNT_DSP_TERNARY(smlatt, "smlatt %0, %1, %2, %3")
/// c + a.low * b.high
SHUNT_DSP_TERNARY(smlabt, "smlabt %0, %1, %2, %3")
/// c + a.high * b.low
SHUNT_DSP_TERNARY(smlatb, "smlatb %0, %1, %2, %3")
/// The upper word of a * b.
SHUNT_DSP_BINARY(smmul, "smmul %0, %1, %2")
/// The upper word of a * b + 2^31.
SHUNT_DSP_BINARY(smmulr, "smmulr %0, %1, %2")
/// The upper word of a * b + c * 2^32.
SHUNT_DSP_TERNARY(smmla, "smmla %0, %1, %2, %3")
/// The upper word of a * b + c * 2^32 + 2^31.
SHUNT_DSP_TERNARY(smmlar, "smmlar %0, %1, %2, %3")
/// c + (a * b.low >> 16), the product 48 bits wide.
SHUNT_DSP_TERNARY(smlawb, "smlawb %0, %1, %2, %3")
/// c + (a * b.high >> 16), the product 48 bits wide.
SHUNT_DSP_TERNARY(smlawt, "smlawt %0, %1, %2, %3")
/// Bytes 0 and 2, widened to halves.
SHUNT_DSP_UNARY(sxtb16, "sxtb16 %0, %1")
/// Bytes 1 and 3, widened to halves.
SHUNT_DSP_UNARY(sxtb16_ror8, "sxtb16 %0, %1, ror #8")
/// a's halves plus bytes 0 and 2 of b.
SHUNT_DSP_BINARY(sxtab16, "sxtab16 %0, %1, %2")
/// a's halves plus bytes 1 and 3 of b.
SHUNT_DSP_BINARY(sxtab16_ror8, "sxtab16 %0, %1, %2, ror #8")
/// Sums of the halves.
SHUNT_DSP_BINARY(sadd16, "sadd16 %0, %1, %2")
/// a.low below b.low.
SHUNT_DSP_BINARY(pkhbt, "pkhbt %0, %1, %2, lsl #16")
/// b.high below a.high.
SHUNT_DSP_BINARY(pkhtb, "pkhtb %0, %1, %2, asr #16")
/// Brought into -128 ... 127.
SHUNT_DSP_UNARY(ssat8, "ssat %0, #8, %1")
/// Shifted right by 20, then brought into -128 ... 127.
SHUNT_DSP_UNARY(ssat8_asr20, "ssat %0, #8, %1, asr #20")

/// In each byte, signed, the greater.
static inline uint32_t max_bytes(uint32_t a, uint32_t b) {
    uint32_t result;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b) : "cc");
    return result;
}

/// In each byte, signed, the lesser.
static inline uint32_t min_bytes(uint32_t a, uint32_t b) {
    uint32_t result;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %2, %1" : "=&r"(result) : "r"(a), "r"(b) : "cc");
    return result;
}

/// The low bytes of four words, a's the lowest.
static inline uint32_t join_bytes(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    __asm__("bfi %0, %1, #8, #8\n\tbfi %0, %2, #16, #8\n\tbfi %0, %3, #24, #8"
            : "+&r"(a)
            : "r"(b), "r"(c), "r"(d));
    return a;
}

/// The constant in a register, for operands that are shifted on the way.
static inline uint32_t in_register(uint32_t constant) {
    __asm__("" : "+r"(constant));
    return constant;
}

#undef SHUNT_DSP_UNARY
#undef SHUNT_DSP_BINARY
#undef SHUNT_DSP_TERNARY

#else

static inline int32_t low_half(uint32_t word) {
    return (int16_t)(word & UINT16_MAX);
}

static inline int32_t high_half(uint32_t word) {
    return (int16_t)(word >> 16);
}

static inline uint32_t join_halves(int32_t low, int32_t high) {
    return ((uint32_t)low & UINT16_MAX) | (uint32_t)high << 16;
}

static inline uint32_t smlad(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)(low_half(a) * low_half(b)) + (uint32_t)(high_half(a) * high_half(b));
}

static inline uint32_t smlabb(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)(low_half(a) * low_half(b));
}

static inline uint32_t smlatt(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)(high_half(a) * high_half(b));
}

static inline uint32_t smlabt(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)(low_half(a) * high_half(b));
}

static inline uint32_t smlatb(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)(high_half(a) * low_half(b));
}

/// a * b as the 64-bit pattern of the signed product.
static inline uint64_t signed_product(uint32_t a, uint32_t b) {
    return (uint64_t)((int64_t)(int32_t)a * (int32_t)b);
}

static inline uint32_t smmul(uint32_t a, uint32_t b) {
    return (uint32_t)(signed_product(a, b) >> 32);
}

static inline uint32_t smmulr(uint32_t a, uint32_t b) {
    return (uint32_t)((signed_product(a, b) + (UINT64_C(1) << 31)) >> 32);
}

static inline uint32_t smmla(uint32_t a, uint32_t b, uint32_t c) {
    return c + smmul(a, b);
}

static inline uint32_t smmlar(uint32_t a, uint32_t b, uint32_t c) {
    return c + smmulr(a, b);
}

static inline uint32_t smlawb(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)((int64_t)(int32_t)a * low_half(b) >> 16);
}

static inline uint32_t smlawt(uint32_t a, uint32_t b, uint32_t c) {
    return c + (uint32_t)((int64_t)(int32_t)a * high_half(b) >> 16);
}

static inline int32_t signed_byte(uint32_t word, uint32_t index) {
    return (int8_t)(word >> (8 * index) & UINT8_MAX);
}

static inline uint32_t sxtb16(uint32_t word) {
    return join_halves(signed_byte(word, 0), signed_byte(word, 2));
}

static inline uint32_t sxtb16_ror8(uint32_t word) {
    return join_halves(signed_byte(word, 1), signed_byte(word, 3));
}

static inline uint32_t sadd16(uint32_t a, uint32_t b) {
    return join_halves(low_half(a) + low_half(b), high_half(a) + high_half(b));
}

static inline uint32_t sxtab16(uint32_t a, uint32_t b) {
    return sadd16(a, sxtb16(b));
}

static inline uint32_t sxtab16_ror8(uint32_t a, uint32_t b) {
    return sadd16(a, sxtb16_ror8(b));
}

static inline uint32_t pkhbt(uint32_t a, uint32_t b) {
    return (a & UINT16_MAX) | b << 16;
}

static inline uint32_t pkhtb(uint32_t a, uint32_t b) {
    return (a & ~(uint32_t)UINT16_MAX) | b >> 16;
}

static inline uint32_t ssat8(uint32_t word) {
    const int32_t value = (int32_t)word;
    return (uint32_t)(value < INT8_MIN ? INT8_MIN : value > INT8_MAX ? INT8_MAX : value);
}

static inline uint32_t ssat8_asr20(uint32_t word) {
    return ssat8((uint32_t)((int32_t)word >> 20));
}

static inline uint32_t join_bytes(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return (a & UINT8_MAX) | (b & UINT8_MAX) << 8 | (c & UINT8_MAX) << 16 | d << 24;
}

static inline uint32_t in_register(uint32_t constant) {
    return constant;
}

static inline uint32_t max_bytes(uint32_t a, uint32_t b) {
    uint32_t result = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const int32_t x = signed_byte(a, i), y = signed_byte(b, i);
        result |= ((uint32_t)(x > y ? x : y) & UINT8_MAX) << (8 * i);
    }
    return result;
}

static inline uint32_t min_bytes(uint32_t a, uint32_t b) {
    uint32_t result = 0;
    for (uint32_t i = 0; i < 4; i++) {
        const int32_t x = signed_byte(a, i), y = signed_byte(b, i);
        result |= ((uint32_t)(x < y ? x : y) & UINT8_MAX) << (8 * i);
    }
    return result;
}

#endif
#endif
