// SPDX-License-Identifier: Apache-2.0
//
// One pixel's accumulators become outputs.
#ifndef SHUNT_PORTABLE_STORE_ROW_H
#define SHUNT_PORTABLE_STORE_ROW_H

#include "accumulate.h"

#define SHUNT_STORE_ROW SHUNT_KERNEL_SYMBOL(store_row)

/// What SHUNT_STORE_CHANNELS does, faster: requantizes `count` accumulators, one per channel.
void SHUNT_STORE_ROW(int8_t *out, const uint32_t *acc, const shunt_channel_t *channels,
                     uint32_t count, const output_range_t *range);

#endif
