// SPDX-License-Identifier: Apache-2.0
//
// The link between host and board: the C view of Docs/spec/link-protocol.md, shared by the agent on
// the board and by the host. Everything is little-endian.
//
// On the wire a frame is 0x00, the COBS encoding of its body, 0x00. A body is a header, a payload
// and the CRC-32 of both. Text never contains 0x00, so a text dialect can share the line.
#ifndef SHUNT_LINK_H
#define SHUNT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Largest payload of this build; a board with little memory may take less (its board file's
/// link.payload_bytes), and HELLO says so.
#ifndef SHUNT_LINK_PAYLOAD_BYTES
#define SHUNT_LINK_PAYLOAD_BYTES 1024
#endif

enum {
    SHUNT_LINK_VERSION = 1,       ///< Of the protocol; the handshake compares it.
    SHUNT_LINK_HEADER_BYTES = 12, ///< sizeof(shunt_link_header_t)
    SHUNT_LINK_CRC_BYTES = 4,     ///< CRC-32 (shunt_crc32) of header and payload.
    SHUNT_LINK_MAX_PAYLOAD = SHUNT_LINK_PAYLOAD_BYTES, ///< Largest payload of a frame.
    SHUNT_LINK_MAX_BODY = SHUNT_LINK_HEADER_BYTES + SHUNT_LINK_MAX_PAYLOAD + SHUNT_LINK_CRC_BYTES,
    SHUNT_LINK_MAX_FRAME = SHUNT_LINK_MAX_BODY + SHUNT_LINK_MAX_BODY / 254 + 1 + 2,
    /// Where in a frame's buffer its payload may stand before it is encoded: behind all that is
    /// written before the payload's bytes have been read.
    SHUNT_LINK_PAYLOAD_OFFSET = 2 + SHUNT_LINK_HEADER_BYTES + SHUNT_LINK_MAX_BODY / 254
};

/// What a frame is.
typedef enum shunt_link_type {
    SHUNT_LINK_REQUEST = 1,  ///< Host to board.
    SHUNT_LINK_RESPONSE = 2, ///< Board to host; command, sequence and session are the request's.
    SHUNT_LINK_EVENT =
        3 ///< Board to host, unasked (a probe's samples); never from a benchmark agent.
} shunt_link_type_t;

/// Start of every body.
typedef struct shunt_link_header {
    uint8_t type;      ///< shunt_link_type_t
    uint8_t command;   ///< shunt_link_command_t
    uint16_t sequence; ///< Chosen by the host, counts up by one per new request, wraps.
    uint16_t session;  ///< Chosen by the host in HELLO, not 0; a board forgets it when it resets.
    int16_t status;    ///< 0 in requests; shunt_link_status_t in responses.
    uint16_t payload_bytes; ///< 0 ... SHUNT_LINK_MAX_PAYLOAD
    uint16_t reserved;      ///< 0
} shunt_link_header_t;

/// Outcome of a request.
typedef enum shunt_link_status {
    SHUNT_LINK_OK = 0,
    SHUNT_LINK_ERR_COMMAND = -1, ///< Unknown command.
    SHUNT_LINK_ERR_PAYLOAD = -2, ///< The payload's size or a field in it is illegal.
    SHUNT_LINK_ERR_SESSION = -3, ///< Another session, or none: the board was reset since HELLO.
    SHUNT_LINK_ERR_STATE = -4,   ///< Not now: no transfer open, or no model active.
    SHUNT_LINK_ERR_TOO_BIG = -5, ///< The blob exceeds the slot; payload: u32 limit.
    SHUNT_LINK_ERR_FLASH = -6,   ///< Erasing or writing failed.
    SHUNT_LINK_ERR_VERIFY = -7,  ///< What was read back is not what was sent.
    SHUNT_LINK_ERR_MODEL = -8,   ///< The runtime refused the blob; payload: i32 shunt_status_t, u32
                                 ///< step, u32 arena needed.
    SHUNT_LINK_ERR_RANGE = -9    ///< Offset or count beyond the tensor, slot or batch.
} shunt_link_status_t;

/// Requests. Payloads: Docs/spec/link-protocol.md.
typedef enum shunt_link_command {
    SHUNT_CMD_HELLO = 0x01,    ///< Opens a session.
    SHUNT_CMD_INFO = 0x02,     ///< What the board is.
    SHUNT_CMD_COUNTERS = 0x03, ///< What the link has seen.
    SHUNT_CMD_REBOOT = 0x04,   ///< Resets the board after the response has left.
    SHUNT_CMD_ECHO = 0x05,     ///< Returns its payload.
    SHUNT_CMD_SINK = 0x06,     ///< Drops its payload: measures the link.
    SHUNT_CMD_FENCE = 0x07,    ///< Makes copies of all requests before it late.

    SHUNT_CMD_SLOT_BEGIN = 0x10, ///< Starts the transfer of a blob.
    SHUNT_CMD_SLOT_WRITE =
        0x11, ///< One piece of it, at its offset; idempotent, any order, windowed.
    SHUNT_CMD_SLOT_COMMIT = 0x12, ///< Reads the slot back, compares the CRC, makes it the newest.
    SHUNT_CMD_SLOT_READ = 0x13,   ///< Reads the active slot.
    SHUNT_CMD_SLOT_ATTACH = 0x14, ///< Adopts a blob that a loader placed in the slot region.

    SHUNT_CMD_MODEL_OPEN = 0x20,   ///< Validates and binds the newest committed blob.
    SHUNT_CMD_RESET_STATE = 0x21,  ///< shunt_reset
    SHUNT_CMD_INPUT_WRITE = 0x22,  ///< A piece of an input tensor.
    SHUNT_CMD_RUN = 0x23,          ///< A window of n inferences.
    SHUNT_CMD_OUTPUT_READ = 0x24,  ///< A piece of an output tensor.
    SHUNT_CMD_PROFILE = 0x25,      ///< Runs once, timing every step.
    SHUNT_CMD_PROFILE_READ = 0x26, ///< Reads the step times.
    SHUNT_CMD_RUN_STEPS = 0x27,    ///< Runs a range of steps (taps).
    SHUNT_CMD_TENSOR_READ = 0x28,  ///< A piece of any tensor.

    SHUNT_CMD_BATCH_WRITE = 0x30, ///< A piece of the batch region.
    SHUNT_CMD_BATCH_RUN = 0x31,   ///< Runs rows of the batch region.
    SHUNT_CMD_BATCH_READ = 0x32   ///< A piece of the batch region.
} shunt_link_command_t;

/// Phases that shunt_mark announces on the trigger pins (Gray code on two pins: 00, 01, 11, 10).
typedef enum shunt_phase {
    SHUNT_PHASE_IDLE = 0,      ///< Outside any window.
    SHUNT_PHASE_INFERENCE = 1, ///< Inside shunt_run.
    SHUNT_PHASE_BETWEEN = 2,   ///< Inside a window, between two inferences (the input is restored).
    SHUNT_PHASE_BASELINE = 3   ///< Awake and doing nothing: the idle power that `net` subtracts.
} shunt_phase_t;

/// Encodes one frame, delimiters included.
///
/// @param header      `payload_bytes` says how much payload there is.
/// @param payload     May be NULL if there is none; may be frame + SHUNT_LINK_PAYLOAD_OFFSET, and
/// is
///                    lost then.
/// @param[out] frame  At least SHUNT_LINK_MAX_FRAME bytes.
/// @return Bytes of the frame; 0 if payload_bytes exceeds SHUNT_LINK_MAX_PAYLOAD.
size_t shunt_link_encode(const shunt_link_header_t *header, const void *payload, uint8_t *frame);

/// A receiver that finds frames in a stream of bytes, whatever stands between them.
typedef struct shunt_link_receiver {
    uint8_t body[SHUNT_LINK_MAX_BODY]; ///< Decoded so far.
    uint16_t body_bytes;               ///< Bytes in `body`.
    uint8_t code;                      ///< Bytes left in the current COBS block.
    uint8_t state;                     ///< Outside a frame, inside, or skipping to the next 0x00.
    uint8_t pending_zero;              ///< The block that ends now implies a zero.
    uint32_t frames;                   ///< Good frames.
    uint32_t crc_errors;               ///< Frames whose CRC differs.
    uint32_t format_errors;            ///< Bad COBS, too short, too long, wrong payload_bytes.
} shunt_link_receiver_t;

/// Prepares a receiver, counters at 0.
void shunt_link_receiver_init(shunt_link_receiver_t *receiver);

/// Takes one byte from the line.
///
/// @param receiver     Prepared by shunt_link_receiver_init.
/// @param byte         The byte.
/// @param[out] header  Filled when a frame is complete.
/// @param[out] payload Points into `receiver` when a frame is complete; valid until the next byte.
/// @return true if this byte completed a good frame. Bad frames are counted and dropped.
bool shunt_link_receive(shunt_link_receiver_t *receiver, uint8_t byte, shunt_link_header_t *header,
                        const uint8_t **payload);

#ifndef __cplusplus
_Static_assert(sizeof(shunt_link_header_t) == SHUNT_LINK_HEADER_BYTES, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif
