// SPDX-License-Identifier: Apache-2.0
//
// Elements of the types that elementwise kernels share code over: int8, uint8, bool, int16, int32.
#ifndef SHUNT_PORTABLE_ELEMENTS_H
#define SHUNT_PORTABLE_ELEMENTS_H

#include "requantize.h"
#include "shunt_blob.h"

/// Bytes of one element; 0 for a type that is not among these.
static inline uint32_t element_bytes(uint32_t type) {
    switch (type) {
    case SHUNT_TYPE_S8:
    case SHUNT_TYPE_U8:
    case SHUNT_TYPE_BOOL:
        return 1;
    case SHUNT_TYPE_S16:
        return 2;
    case SHUNT_TYPE_S32:
        return 4;
    default:
        return 0;
    }
}

/// The smallest value of a type; 0 for bool.
static inline int32_t element_min(uint32_t type) {
    switch (type) {
    case SHUNT_TYPE_S8:
        return INT8_MIN;
    case SHUNT_TYPE_S16:
        return INT16_MIN;
    case SHUNT_TYPE_S32:
        return INT32_MIN;
    default:
        return 0;
    }
}

/// The largest value of a type; 255 for bool, whose bytes are not looked into.
static inline int32_t element_max(uint32_t type) {
    switch (type) {
    case SHUNT_TYPE_S8:
        return INT8_MAX;
    case SHUNT_TYPE_S16:
        return INT16_MAX;
    case SHUNT_TYPE_S32:
        return INT32_MAX;
    default:
        return UINT8_MAX;
    }
}

/// Whether a zero point is a value of the type.
static inline int element_valid(int32_t value, uint32_t type) {
    return value >= element_min(type) && value <= element_max(type);
}

/// Element `index` of a tensor of a type that element_bytes knows.
static inline int32_t element_load(const void *data, uint32_t type, uint32_t index) {
    switch (type) {
    case SHUNT_TYPE_S8:
        return ((const int8_t *)data)[index];
    case SHUNT_TYPE_S16:
        return ((const int16_t *)data)[index];
    case SHUNT_TYPE_S32:
        return ((const int32_t *)data)[index];
    default:
        return ((const uint8_t *)data)[index];
    }
}

/// Stores the low bits of a value.
static inline void element_store(void *data, uint32_t type, uint32_t index, int32_t value) {
    switch (element_bytes(type)) {
    case 1:
        ((uint8_t *)data)[index] = (uint8_t)value;
        break;
    case 2:
        ((uint16_t *)data)[index] = (uint16_t)value;
        break;
    default:
        ((uint32_t *)data)[index] = (uint32_t)value;
        break;
    }
}

/// A scaled number with the zero point added, brought into min ... max, where 0 <= max - min < 2^16
/// and the zero point has at most 16 bits: nothing can overflow.
static inline int32_t output_value(int32_t scaled, int32_t zero_point, int32_t min, int32_t max) {
    return clamp(scaled, min - zero_point, max - zero_point) + zero_point;
}

#endif
