// SPDX-License-Identifier: Apache-2.0
#include "scale_s16.h"

/// |bias| that leaves room for the largest sum of products: 2^46.
static const int64_t wide_bias_limit = (int64_t)1 << 46;

static bool channel_valid(const shunt_channel16_t *channel, bool wide) {
    if (wide) {
        return channel->bias <= wide_bias_limit && channel->bias >= -wide_bias_limit &&
               channel->multiplier >= 0 && channel->multiplier <= INT16_MAX &&
               channel->shift >= -31 && channel->shift <= 14;
    }
    return channel->bias >= INT32_MIN && channel->bias <= INT32_MAX &&
           shunt_check_scale(channel->multiplier, channel->shift, -31, 30);
}

bool SHUNT_CHECK_CHANNELS16(const shunt_call_t *call, uint32_t offset, uint32_t count, bool wide) {
    if (!shunt_constants_valid(call, offset, (uint64_t)count * sizeof(shunt_channel16_t))) {
        return false;
    }
    const shunt_channel16_t *channels = shunt_constants(call, offset);
    for (uint32_t i = 0; i < count; i++) {
        if (!channel_valid(&channels[i], wide)) {
            return false;
        }
    }
    return true;
}
