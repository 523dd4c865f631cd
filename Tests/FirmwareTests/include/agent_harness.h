// SPDX-License-Identifier: Apache-2.0
//
// The agent in this process, over the test port: bytes in, bytes out. There is one.
#ifndef SHUNT_AGENT_HARNESS_H
#define SHUNT_AGENT_HARNESS_H

#include <stddef.h>
#include <stdint.h>

enum {
    HARNESS_MODEL_BYTES = 528, ///< Size of the model; a blob may go on behind it.
    HARNESS_TENSOR_BYTES = 1500
};

/// Erases the flash and boots the agent.
void harness_start(void);

/// Boots the agent again, as a reset or a power cut does: the flash stays.
void harness_reset(void);

/// Gives the agent bytes from the line.
///
/// @param[out] answer Where what it sends goes; what exceeds `capacity` is lost.
/// @return Bytes sent.
size_t harness_exchange(const uint8_t *bytes, size_t count, uint8_t *answer, size_t capacity);

/// Writes a model that adds 3 to each byte of its input, and keeps the input only if `survives`.
///
/// @param salt  Makes models differ.
/// @param bytes HARNESS_MODEL_BYTES.
void harness_make_model(int survives, uint8_t salt, uint8_t *bytes);

#endif
