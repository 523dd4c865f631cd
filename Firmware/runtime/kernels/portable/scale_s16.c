// SPDX-License-Identifier: Apache-2.0
#include "scale_s16.h"

static bool channel_valid(const shunt_channel16_t *channel, bool wide) {
    if (wide) {
        return wide_bias_valid(channel->bias) &&
               wide_scale_valid(channel->multiplier, channel->shift);
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
