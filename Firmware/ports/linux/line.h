// SPDX-License-Identifier: Apache-2.0
//
// The agent's end of a line under Linux: terminals, pipes and sockets.
#ifndef SHUNT_LINUX_LINE_H
#define SHUNT_LINUX_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What carries the bytes.
typedef enum line_kind { LINE_PTY, LINE_STDIO, LINE_DEVICE, LINE_TCP } line_kind_t;

/// A line. Its descriptors are inherited by child processes.
typedef struct line {
    line_kind_t kind;
    const char *path; ///< Of the device, or [address:]port; NULL for the other kinds.
    unsigned baud;    ///< Of a device that has a speed.
    int listener;     ///< Where connections come in.
    int input, output;
} line_t;

/// Opens the line; says on standard output where it can be found, if that is not known already.
/// @return false, with errno, if that fails.
bool shunt_line_open(line_t *line);

/// Takes bytes that have arrived, without waiting. Ends the process when the far end is gone for
/// good; a socket's place is taken by the next connection.
size_t shunt_line_read(line_t *line, uint8_t *bytes, size_t capacity);

/// Hands bytes over, without waiting.
/// @return Bytes taken; all of them while nobody is connected.
size_t shunt_line_write(line_t *line, const uint8_t *bytes, size_t count);

/// Waits until there is something to read.
void shunt_line_wait(line_t *line);

#endif
