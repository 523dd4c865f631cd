// SPDX-License-Identifier: Apache-2.0
#include "fixed_point.h"

#include "requantize.h"

/// multiply_high, called: these functions have many products, and nothing waits for them.
__attribute__((noinline)) static int32_t multiply(int32_t a, int32_t b) {
    return multiply_high(a, b);
}

/// exp(x) in Q0 for x in Q0, -1/4 <= x < 0: a Taylor series to the fourth power around -1/8.
__attribute__((noinline)) static int32_t exp_near_zero(int32_t x) {
    const int32_t exp_minus_eighth = 1895147668; // exp(-1/8) in Q0
    const int32_t third = 715827883;             // 1/3 in Q0
    const int32_t d = x + (1 << 28);             // x + 1/8
    const int32_t d2 = multiply(d, d);
    const int32_t d3 = multiply(d2, d);
    const int32_t d4 = multiply(d2, d2);
    // d^4/24 + d^3/6 + d^2/2 = ((d^4/4 + d^3) / 3 + d^2) / 2
    const int32_t cubic = multiply(divide_by_power_of_two(d4, 2) + d3, third);
    const int32_t tail = divide_by_power_of_two(cubic + d2, 1);
    return exp_minus_eighth + multiply(exp_minus_eighth, d + tail);
}

// The quarter below zero by series, the rest bit by bit.
int32_t SHUNT_EXP_OF_NEGATIVE(int32_t x) {
    // exp(-2^(i - 2)) in Q0
    static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                      39332535,   720401,     242};
    const int32_t quarter = 1 << 24;
    if (x == 0) {
        return INT32_MAX;
    }
    const int32_t fraction = (int32_t)((uint32_t)x & (uint32_t)(quarter - 1)) - quarter;
    const uint32_t rest = (uint32_t)fraction - (uint32_t)x;
    int32_t result = exp_near_zero(fraction * 32);
    for (uint32_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        if ((rest & ((uint32_t)quarter << i)) != 0) {
            result = multiply(result, factors[i]);
        }
    }
    return result;
}

// Newton-Raphson on the reciprocal of half of it.
int32_t SHUNT_RECIPROCAL_OF_ONE_PLUS(int32_t x) {
    const int32_t one = 1 << 29;                                      // 1 in Q2
    const int32_t c48_17 = 1515870810;                                // 48/17 in Q2
    const int32_t c32_17 = -1010580540;                               // -32/17 in Q2
    const int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2); // (1 + x) / 2 in Q0
    int32_t estimate = c48_17 + multiply(half, c32_17);
    for (int i = 0; i < 3; i++) {
        const int32_t error = one - multiply(half, estimate);
        estimate += multiply(estimate, error) * 4; // Q4 to Q2
    }
    // Half of the Q2 number, as Q0: twice the bits; 1 itself is one too many.
    return estimate >= 1 << 30 ? INT32_MAX : estimate * 2;
}
