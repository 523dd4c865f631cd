// SPDX-License-Identifier: Apache-2.0
//
// What the `check` functions of kernels have in common. All of it is exact in 64 bits: no parameter
// can make a product wrap.
#ifndef SHUNT_KERNEL_CHECKS_H
#define SHUNT_KERNEL_CHECKS_H

#include "shunt_kernel.h"
#include "shunt_params.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Whether the step has these numbers of operands and parameters of this size, and no channel
/// records but those of SHUNT_REQUANTIZE_EXACT.
bool shunt_check_counts(const shunt_call_t *call, uint32_t inputs, uint32_t outputs,
                        uint32_t params_bytes);

/// Whether operands `first` ... `first + count - 1`, inputs first, have this type (shunt_type_t).
bool shunt_check_type(const shunt_call_t *call, uint32_t first, uint32_t count, uint32_t type);

/// shunt_check_counts, and all operands are of type int8.
bool shunt_check_step(const shunt_call_t *call, uint32_t inputs, uint32_t outputs,
                      uint32_t params_bytes);

/// shunt_check_step for a step with one input, one output, and channel records of any kind.
bool shunt_check_layer(const shunt_call_t *call, uint32_t params_bytes);

/// Whether no output shares a byte with any input.
bool shunt_check_separate(const shunt_call_t *call);

/// Whether output 0 and input `index` are either separate, or the very same bytes.
bool shunt_check_in_place(const shunt_call_t *call, uint32_t index);

/// Whether `offset` is that of `count` shunt_channel_t inside CONSTANTS with legal multipliers and
/// shifts.
bool shunt_check_channels(const shunt_call_t *call, uint32_t offset, uint32_t count);

/// Whether `offset` is that of `count` channel records, of the kind that the step names, inside
/// CONSTANTS with legal multipliers and shifts.
bool shunt_check_records(const shunt_call_t *call, uint32_t offset, uint32_t count);

/// Whether a line's multiplier is 0 ... 2^31 - 2, and even.
bool shunt_check_line(int32_t multiplier);

/// Whether a multiplier is 0 or 2^30 ... 2^31 - 1, and a shift is within min_shift ... max_shift.
bool shunt_check_scale(int32_t multiplier, int32_t shift, int32_t min_shift, int32_t max_shift);

/// Whether a zero point is -128 ... 127.
bool shunt_check_zero_point(int32_t zero_point);

/// Whether -128 <= min <= max <= 127.
bool shunt_check_clamp(int32_t min, int32_t max);

/// Whether -32768 <= min <= max <= 32767.
bool shunt_check_clamp_s16(int32_t min, int32_t max);

/// Whether a zero point is -128 ... 127, and -128 <= min <= max <= 127.
bool shunt_check_output(int32_t zero_point, int32_t min, int32_t max);

/// Whether a * b is `product`; exact in 64 bits.
bool shunt_check_product(uint32_t a, uint32_t b, uint32_t product);

/// Whether input 0 and output 0 have the window's sizes, no size, stride or dilation is zero, and
/// every coordinate that the window reaches fits an int32_t.
bool shunt_check_window(const shunt_call_t *call, const shunt_window_t *window);

/// Whether input 0 and output 0 are separate, or the window's output pixels, computed in order,
/// never overwrite input that is still to be read. With `ahead` all inputs of a pixel are read
/// before it is written; without, they may be read until it is written completely.
bool shunt_check_window_overlap(const shunt_call_t *call, const shunt_window_t *window, bool ahead);

/// What shunt_check_window checks beside the size of input 0.
bool shunt_check_window_result(const shunt_call_t *call, const shunt_window_t *window);

/// Whether the step is a legal add_line_s8 whose three operands have the same elements side by
/// side, in the same order.
bool shunt_check_dense_add_line(const shunt_call_t *call);

#ifdef __cplusplus
}
#endif
#endif
