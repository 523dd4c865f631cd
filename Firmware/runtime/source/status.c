// SPDX-License-Identifier: Apache-2.0
#include "shunt.h"

const char *shunt_status_text(shunt_status_t status) {
    switch (status) {
    case SHUNT_OK:
        return "success";
    case SHUNT_ERR_ARGUMENT:
        return "a null pointer, or an index out of range";
    case SHUNT_ERR_ALIGNMENT:
        return "blob or arena is not aligned to 16 bytes";
    case SHUNT_ERR_TRUNCATED:
        return "the blob is cut short";
    case SHUNT_ERR_MAGIC:
        return "not a Shunt blob";
    case SHUNT_ERR_VERSION:
        return "the blob needs a newer runtime";
    case SHUNT_ERR_CRC:
        return "the blob is damaged (CRC-32 differs)";
    case SHUNT_ERR_FORMAT:
        return "the blob breaks the format (offset, size, index, shape or overlap)";
    case SHUNT_ERR_KERNEL:
        return "the blob needs a kernel that this build lacks";
    case SHUNT_ERR_PARAMS:
        return "a kernel refuses its parameters";
    case SHUNT_ERR_ARENA:
        return "the arena is too small";
    case SHUNT_ERR_STATE:
        return "the model has no arena yet";
    }
    return "unknown status";
}
