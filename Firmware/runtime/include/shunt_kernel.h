// SPDX-License-Identifier: Apache-2.0
//
// What a kernel is to the runtime. Users of the runtime need shunt.h only.
//
// A kernel set is a folder; a kernel is one file in it, defining one `const shunt_kernel_t` whose
// symbol carries the set: SHUNT_KERNEL_SYMBOL(conv2d_s8) is shunt_conv2d_s8_portable when the file
// is compiled with -DSHUNT_KERNEL_SET=portable.
#ifndef SHUNT_KERNEL_H
#define SHUNT_KERNEL_H

#include "shunt.h"

#ifdef __cplusplus
extern "C" {
#endif

/// One step as its kernel sees it. Valid during the call only.
typedef struct shunt_call {
    const shunt_model_t *model;
    const shunt_blob_step_t *step;
    const void *params; ///< step->params_bytes bytes, 16-byte aligned.
} shunt_call_t;

/// A kernel: how to check a step once, and how to run it ever after.
struct shunt_kernel {
    uint16_t id;      ///< shunt_kernel_id_t
    uint8_t set;      ///< shunt_kernel_set_t
    uint8_t version;  ///< Of the parameter layout that it reads.
    const char *name; ///< "conv2d_s8"

    /// Called by shunt_open, before an arena exists. Operand counts, tensor indices, storage ranges
    /// and the extent of params and scratch are valid already; everything that `run` relies on
    /// beyond that is checked here: params size and fields, operand types and sizes, constant
    /// ranges, illegal overlap of outputs with inputs.
    /// @return SHUNT_OK or SHUNT_ERR_PARAMS.
    shunt_status_t (*check)(const shunt_call_t *call);

    /// Executes the step. Cannot fail.
    void (*run)(const shunt_call_t *call);
};

#define SHUNT_KERNEL_JOIN_(name, set) shunt_##name##_##set
#define SHUNT_KERNEL_JOIN(name, set) SHUNT_KERNEL_JOIN_(name, set)
/// The symbol of kernel `name` in the set that is being compiled.
#define SHUNT_KERNEL_SYMBOL(name) SHUNT_KERNEL_JOIN(name, SHUNT_KERNEL_SET)

/// The tensor of operand `index`: inputs first, then outputs.
const shunt_blob_tensor_t *shunt_operand(const shunt_call_t *call, uint32_t index);

/// The bytes of a tensor; only during `run`.
static inline const void *shunt_tensor_data(const shunt_call_t *call,
                                            const shunt_blob_tensor_t *tensor) {
    const uint8_t *base =
        tensor->storage == SHUNT_STORAGE_CONSTANT ? call->model->blob : call->model->arena;
    return base + tensor->offset;
}

/// The bytes of input `index`; only during `run`.
const void *shunt_operand_in(const shunt_call_t *call, uint32_t index);

/// The bytes of output `index`, counted from the first output; only during `run`.
void *shunt_operand_out(const shunt_call_t *call, uint32_t index);

/// The step's scratch; only during `run`.
static inline void *shunt_scratch(const shunt_call_t *call) {
    return call->model->arena + call->step->scratch_offset;
}

/// Constants at a blob offset that `check` has accepted.
static inline const void *shunt_constants(const shunt_call_t *call, uint32_t offset) {
    return call->model->blob + offset;
}

/// Whether blob bytes offset ... offset + bytes - 1 lie inside CONSTANTS and start 16-byte aligned.
/// `bytes` is 64-bit so that a product of sizes can be handed over as it is.
bool shunt_constants_valid(const shunt_call_t *call, uint32_t offset, uint64_t bytes);

/// Whether two tensors share at least one byte of the arena.
bool shunt_tensors_overlap(const shunt_blob_tensor_t *a, const shunt_blob_tensor_t *b);

#ifdef __cplusplus
}
#endif
#endif
