// SPDX-License-Identifier: Apache-2.0
//
// Shunt runtime: runs a blob (Docs/spec/blob-format.md) in memory that the caller owns.
//
//     static uint8_t arena[SHUNT_ARENA_BYTES] __attribute__((aligned(16)));
//     shunt_model_t model;
//     shunt_status_t status = shunt_open(&model, blob, blob_bytes, &kernels);
//     if (status == SHUNT_OK) status = shunt_bind(&model, arena, sizeof arena);
//     if (status == SHUNT_OK) {
//         memcpy(shunt_input_data(&model, 0), image, shunt_input(&model, 0)->bytes);
//         shunt_run(&model);
//         use(shunt_output_data(&model, 0));
//     }
//
// No function allocates, blocks, prints or keeps a pointer other than the blob, the kernel table
// and the arena handed to it. One model may be used by one thread at a time; different models are
// independent of each other.
#ifndef SHUNT_H
#define SHUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shunt_blob.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What a call returns: 0 for success, negative for failure.
typedef enum shunt_status {
    SHUNT_OK = 0,
    SHUNT_ERR_ARGUMENT = -1,  ///< A null pointer, or an index out of range.
    SHUNT_ERR_ALIGNMENT = -2, ///< Blob or arena is not aligned to SHUNT_BLOB_ALIGNMENT.
    SHUNT_ERR_TRUNCATED = -3, ///< The blob is longer than the bytes given.
    SHUNT_ERR_MAGIC = -4,     ///< Not a blob.
    SHUNT_ERR_VERSION = -5,   ///< Another major version, or a required section of unknown kind.
    SHUNT_ERR_CRC = -6,       ///< The blob's bytes are damaged.
    SHUNT_ERR_FORMAT = -7,    ///< An offset, size, index, shape or overlap in the blob is illegal.
    SHUNT_ERR_KERNEL = -8,    ///< The blob names a kernel that this build does not have.
    SHUNT_ERR_PARAMS = -9,    ///< A kernel refuses its parameters, shapes or scratch.
    SHUNT_ERR_ARENA = -10,    ///< The arena is too small.
    SHUNT_ERR_STATE = -11     ///< Called before shunt_bind.
} shunt_status_t;

/// A kernel as a set exports it; see shunt_kernel.h.
typedef struct shunt_kernel shunt_kernel_t;

/// The kernels that a build contains.
typedef struct shunt_kernel_table {
    const shunt_kernel_t *const *kernels; ///< `count` kernels, in any order.
    uint32_t count;                       ///< Entries of `kernels`.
} shunt_kernel_table_t;

/// An opened model. The fields are the runtime's own; read them through the functions below.
typedef struct shunt_model {
    const uint8_t *blob;                        ///< Start of the blob.
    uint8_t *arena;                             ///< NULL until shunt_bind.
    const shunt_blob_header_t *header;          ///< = blob
    const shunt_blob_tensor_t *tensors;         ///< `tensor_count` of them.
    const shunt_blob_step_t *steps;             ///< `step_count` of them.
    const uint32_t *indices;                    ///< INDICES
    const char *strings;                        ///< STRINGS
    const shunt_blob_io_t *inputs;              ///< `input_count` of them.
    const shunt_blob_io_t *outputs;             ///< `output_count` of them.
    const shunt_blob_state_init_t *state_inits; ///< `state_init_count` of them.
    uint32_t constants_offset, constants_bytes; ///< CONSTANTS, blob offset and size.
    uint32_t tensor_count, step_count, index_count, input_count, output_count, state_init_count;
    const shunt_kernel_t *kernels[SHUNT_MAX_KERNELS]; ///< As the KERNELS section lists them.
    uint32_t failed_step; ///< After SHUNT_ERR_PARAMS or _KERNEL: the step or kernel at fault.
} shunt_model_t;

/// Validates a blob completely and prepares `model`; nothing in the blob needs checking afterwards.
///
/// @param[out] model      Valid until the blob goes away; after a failure, only its `failed_step`.
/// @param blob            SHUNT_BLOB_ALIGNMENT-aligned; stays as it is while the model is used.
/// @param available_bytes Bytes readable at `blob`; may exceed the blob's own size.
/// @param kernels         The kernels of this build; stays in place.
/// @return SHUNT_OK, or the first failure found: SHUNT_ERR_ARGUMENT, _ALIGNMENT, _TRUNCATED,
///         _MAGIC, _VERSION, _CRC, _FORMAT, _KERNEL or _PARAMS.
shunt_status_t shunt_open(shunt_model_t *model, const void *blob, size_t available_bytes,
                          const shunt_kernel_table_t *kernels);

/// Gives an opened model its memory, all of it zeroed, and resets its state.
///
/// @param model       Opened by shunt_open.
/// @param arena       SHUNT_BLOB_ALIGNMENT-aligned; belongs to the model while it is used.
/// @param arena_bytes At least shunt_arena_bytes(model).
/// @return SHUNT_OK; SHUNT_ERR_ARGUMENT, SHUNT_ERR_ALIGNMENT; SHUNT_ERR_ARENA if it is too small.
shunt_status_t shunt_bind(shunt_model_t *model, void *arena, size_t arena_bytes);

/// Bytes of arena that an opened model needs: activations, scratch, state, input and output.
size_t shunt_arena_bytes(const shunt_model_t *model);

/// Brings the state region to what it was before the first run. Does nothing for stateless models.
/// @return SHUNT_OK; SHUNT_ERR_STATE before shunt_bind.
shunt_status_t shunt_reset(shunt_model_t *model);

/// Runs the model once, from its input tensors to its output tensors.
/// @return SHUNT_OK; SHUNT_ERR_STATE before shunt_bind.
shunt_status_t shunt_run(shunt_model_t *model);

/// Runs one step. Running steps 0 ... step_count - 1 in order equals shunt_run; a tap or a clock
/// may be read in between.
/// @return SHUNT_OK; SHUNT_ERR_STATE before shunt_bind; SHUNT_ERR_ARGUMENT if there is none such.
shunt_status_t shunt_run_step(shunt_model_t *model, uint32_t step);

/// Number of executed steps of one run.
uint32_t shunt_step_count(const shunt_model_t *model);

/// The tensor behind input `index`; NULL if there is none.
const shunt_blob_tensor_t *shunt_input(const shunt_model_t *model, uint32_t index);

/// The tensor behind output `index`; NULL if there is none.
const shunt_blob_tensor_t *shunt_output(const shunt_model_t *model, uint32_t index);

/// Where the caller writes input `index` before a run; NULL if there is none, or before shunt_bind.
void *shunt_input_data(const shunt_model_t *model, uint32_t index);

/// Where the caller reads output `index` after a run; NULL if there is none, or before shunt_bind.
const void *shunt_output_data(const shunt_model_t *model, uint32_t index);

/// CRC-32 (IEEE 802.3, reflected 0xEDB88320), as in zlib: that of "123456789" is 0xCBF43926.
///
/// @param crc   0 at the start, or what the previous piece returned.
/// @param bytes May be NULL if `count` is 0.
/// @param count Bytes of this piece.
/// @return The CRC of everything so far.
uint32_t shunt_crc32(uint32_t crc, const void *bytes, size_t count);

/// A status in words, for messages: "the blob is damaged (CRC-32 differs)". Never NULL.
const char *shunt_status_text(shunt_status_t status);

#ifdef __cplusplus
}
#endif
#endif
