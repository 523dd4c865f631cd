// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the elementwise kernels (ids 10 ... 29). Included by shunt_params.h.
//
// Kernels of several inputs walk them as add_s8 does: `dims` are the output's dimensions, padded in
// front with 1; a stride, in elements, is 0 along a dimension in which the input is repeated.
#ifndef SHUNT_PARAMS_ELEMENTWISE_H
#define SHUNT_PARAMS_ELEMENTWISE_H

#include <stdint.h>

/// lookup_s8: out = table[in], for input and output types of one byte; the index is the input's
/// byte, unsigned.
typedef struct shunt_lookup_params {
    uint32_t count;       ///< Elements.
    uint32_t table;       ///< Blob offset of 256 bytes.
    uint32_t reserved[2]; ///< 0
} shunt_lookup_params_t;

enum {
    SHUNT_ADD_LINE_SHIFT = 20 ///< Bits behind the point in the sums of add_line_s8.
};

/// add_line_s8: what add_s8 or sub_s8 would give, by one multiplication for each input. Its output
/// is clamp((multiplier[0] * a >> 8) + (multiplier[1] * b >> 8) + offset >> SHUNT_ADD_LINE_SHIFT)
/// for the inputs' elements a and b as they are; products are exact, shifts arithmetic, and the sum
/// wraps. The packer has tried all 65,536 pairs of elements.
typedef struct shunt_add_line_params {
    uint32_t dims[4];
    uint32_t strides[2][4];
    int32_t multiplier[2]; ///< Even: half of it serves doubling multiplications.
    int32_t offset;        ///< All zero points are in it.
    int32_t clamp_min;     ///< -128 ... clamp_max
    int32_t clamp_max;     ///< clamp_min ... 127
    uint32_t reserved;     ///< 0
} shunt_add_line_params_t;

/// mul_s8, mul_s16, div_s8: zero points within the type's range, 0 in mul_s16.
typedef struct shunt_mul_params {
    uint32_t dims[4];
    uint32_t strides[2][4];
    int32_t input_zero_point[2];
    int32_t multiplier; ///< Q31, as in shunt_channel_t.
    int32_t shift;      ///< -31 ... 30; div_s8: -31 ... 23
    int32_t output_zero_point;
    int32_t clamp_min; ///< At most clamp_max.
    int32_t clamp_max;
    uint32_t reserved; ///< 0
} shunt_mul_params_t;

/// extremum: the smaller or larger of two elements of type int8, uint8, bool, int16 or int32.
typedef struct shunt_extremum_params {
    uint32_t dims[4];
    uint32_t strides[2][4];
    uint32_t is_maximum;  ///< 0 or 1
    uint32_t reserved[3]; ///< 0
} shunt_extremum_params_t;

/// Relations of compare_s8; each odd one is the contrary of the one before it.
typedef enum shunt_relation {
    SHUNT_COMPARE_EQUAL = 0,
    SHUNT_COMPARE_NOT_EQUAL = 1,
    SHUNT_COMPARE_GREATER = 2,
    SHUNT_COMPARE_LESS_EQUAL = 3,
    SHUNT_COMPARE_LESS = 4,
    SHUNT_COMPARE_GREATER_EQUAL = 5
} shunt_relation_t;

/// compare_s8: inputs int8 or bool, output bool; both inputs are brought to one scale first.
typedef struct shunt_compare_params {
    uint32_t dims[4];
    uint32_t strides[2][4];
    int32_t input_zero_point[2]; ///< -128 ... 127
    int32_t input_multiplier[2]; ///< Q31, as in shunt_channel_t.
    int32_t input_shift[2];      ///< -31 ... 0
    int32_t left_shift;          ///< 0 ... 20
    uint32_t relation;           ///< shunt_relation_t
} shunt_compare_params_t;

/// select: a condition of type bool, then two inputs of the output's type: int8, uint8, bool, int16
/// or int32.
typedef struct shunt_select_params {
    uint32_t dims[4];
    uint32_t strides[3][4];
} shunt_select_params_t;

/// prelu_s8, prelu_s16: input, and int8 factors of its negative elements.
typedef struct shunt_prelu_params {
    uint32_t dims[4];
    uint32_t strides[2][4];
    int32_t input_zero_point;  ///< Within the type's range.
    int32_t factor_zero_point; ///< -128 ... 127
    int32_t output_zero_point; ///< Within the type's range.
    int32_t multiplier[2];     ///< Q31 of elements from the zero point on, and below it.
    int32_t shift[2];          ///< -31 ... 30
    uint32_t reserved;         ///< 0
} shunt_prelu_params_t;

/// cast: the number in another integer type, its low bits where it does not fit; to bool: 1 unless
/// it is 0.
typedef struct shunt_cast_params {
    uint32_t count;    ///< Elements.
    uint32_t reserved; ///< 0
} shunt_cast_params_t;

/// sigmoid_s16: logistic function or hyperbolic tangent, output scale 2^-15.
typedef struct shunt_sigmoid_params {
    uint32_t count;     ///< Elements.
    uint32_t table;     ///< Blob offset of uint16_t[256]: 2^16 times the logistic function.
    int32_t multiplier; ///< 0 ... 32767
    int32_t shift;      ///< 0 ... 31: x = (in * multiplier + half) >> shift
    uint32_t is_tanh;   ///< 0 or 1
    uint32_t reserved;  ///< 0
} shunt_sigmoid_params_t;

/// When piecewise_s16 changes the sign of elements below the zero point.
typedef enum shunt_negation {
    SHUNT_NEGATE_NEVER = 0,
    SHUNT_NEGATE_BEFORE = 1, ///< Before they are scaled.
    SHUNT_NEGATE_AFTER = 2   ///< After they have been scaled.
} shunt_negation_t;

/// piecewise_s16: one scale from the zero point on, another below it.
typedef struct shunt_piecewise_params {
    uint32_t count;            ///< Elements.
    int32_t input_zero_point;  ///< -32768 ... 32767
    int32_t output_zero_point; ///< -32768 ... 32767
    int32_t multiplier[2];     ///< Q31 of elements from the zero point on, and below it.
    int32_t shift[2];          ///< -31 ... 30
    int32_t clamp_min;         ///< -32768 ... clamp_max
    int32_t clamp_max;         ///< clamp_min ... 32767
    uint32_t negation;         ///< shunt_negation_t
} shunt_piecewise_params_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_lookup_params_t) == 16, "layout");
_Static_assert(sizeof(shunt_add_line_params_t) == 72, "layout");
_Static_assert(sizeof(shunt_mul_params_t) == 80, "layout");
_Static_assert(sizeof(shunt_extremum_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_compare_params_t) == 80, "layout");
_Static_assert(sizeof(shunt_select_params_t) == 64, "layout");
_Static_assert(sizeof(shunt_prelu_params_t) == 80, "layout");
_Static_assert(sizeof(shunt_cast_params_t) == 8, "layout");
_Static_assert(sizeof(shunt_sigmoid_params_t) == 24, "layout");
_Static_assert(sizeof(shunt_piecewise_params_t) == 40, "layout");
#endif

#endif
