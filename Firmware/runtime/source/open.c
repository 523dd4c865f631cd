// SPDX-License-Identifier: Apache-2.0
//
// The runtime is linked into the smallest products: no division (a library call on cores without a
// divider), no memset, memcpy or memcmp, little arithmetic in 64 bits.
#include "validate.h"

// Header ----------------------------------------------------------------------------------------

/// Whether the bytes are a whole, undamaged blob of a version that we read.
static shunt_status_t check_identity(const shunt_blob_header_t *header, size_t available_bytes) {
    static const char magic[sizeof header->magic] = {'S', 'H', 'U', 'N', 'T', 'B', 'L', 'B'};
    if (available_bytes < sizeof *header) {
        return SHUNT_ERR_TRUNCATED;
    }
    for (uint32_t i = 0; i < sizeof magic; i++) {
        if (header->magic[i] != (uint8_t)magic[i]) {
            return SHUNT_ERR_MAGIC;
        }
    }
    if (header->version_major != SHUNT_BLOB_VERSION_MAJOR) {
        return SHUNT_ERR_VERSION;
    }
    if (header->total_bytes > available_bytes) {
        return SHUNT_ERR_TRUNCATED;
    }
    if (header->total_bytes < sizeof *header) {
        return SHUNT_ERR_FORMAT;
    }
    const uint8_t *bytes = (const uint8_t *)header;
    const uint32_t crc =
        shunt_crc32(0, bytes + SHUNT_BLOB_CRC_START, header->total_bytes - SHUNT_BLOB_CRC_START);
    return crc == header->crc32 ? SHUNT_OK : SHUNT_ERR_CRC;
}

/// Whether the header's own fields make sense together.
static bool header_valid(const shunt_blob_header_t *header) {
    const uint32_t known_flags = SHUNT_BLOB_INPUT_SURVIVES | SHUNT_BLOB_STATEFUL;
    // Sizes are multiples of 16, and then at most SHUNT_MAX_BYTES if the highest bit is clear.
    const uint32_t illegal_bits = ~(uint32_t)SHUNT_MAX_BYTES;
    const uint32_t table_bytes = header->total_bytes - (uint32_t)sizeof *header;
    const bool stateful = (header->flags & SHUNT_BLOB_STATEFUL) != 0;
    return ((header->total_bytes | header->arena_bytes | header->state_offset) & illegal_bits) ==
               0 &&
           (header->flags & ~known_flags) == 0 && header->rounding <= SHUNT_ROUNDING_FAST &&
           stateful == (header->state_bytes != 0) && (stateful || header->state_offset == 0) &&
           shunt_range_inside(header->state_offset, header->state_bytes, 0, header->arena_bytes) &&
           header->sections_offset == sizeof *header &&
           header->section_count <= SHUNT_MAX_SECTIONS &&
           header->section_count * sizeof(shunt_blob_section_t) <= table_bytes &&
           (header->reserved[0] | header->reserved[1] | header->reserved[2]) == 0;
}
_Static_assert((~(uint32_t)SHUNT_MAX_BYTES & 0x7FFFFFFFu) == SHUNT_BLOB_ALIGNMENT - 1,
               "header_valid");

// Kernels ---------------------------------------------------------------------------------------

static const shunt_kernel_t *find_kernel(const shunt_kernel_table_t *table,
                                         const shunt_blob_kernel_t *wanted) {
    for (uint32_t i = 0; i < table->count; i++) {
        const shunt_kernel_t *kernel = table->kernels[i];
        if (kernel->id == wanted->id && kernel->set == wanted->set &&
            kernel->version == wanted->version) {
            return kernel;
        }
    }
    return NULL;
}

static shunt_status_t find_kernels(validation_t *v, const shunt_kernel_table_t *table) {
    for (uint32_t i = 0; i < v->kernel_count; i++) {
        if (v->kernels[i].name >= v->strings_bytes) {
            return SHUNT_ERR_FORMAT;
        }
        v->model->kernels[i] = find_kernel(table, &v->kernels[i]);
        if (v->model->kernels[i] == NULL) {
            v->model->failed_step = i;
            return SHUNT_ERR_KERNEL;
        }
    }
    return SHUNT_OK;
}

static shunt_status_t check_kernels(shunt_model_t *model) {
    for (uint32_t i = 0; i < model->step_count; i++) {
        const shunt_blob_step_t *step = &model->steps[i];
        const shunt_call_t call = {model, step, model->blob + step->params_offset};
        if (model->kernels[step->kernel]->check(&call) != SHUNT_OK) {
            model->failed_step = i;
            return SHUNT_ERR_PARAMS;
        }
    }
    return SHUNT_OK;
}

// Open ------------------------------------------------------------------------------------------

static shunt_status_t open_blob(shunt_model_t *model, const shunt_kernel_table_t *kernels) {
    if (!header_valid(model->header)) {
        return SHUNT_ERR_FORMAT;
    }
    validation_t v;
    v.model = model;
    shunt_status_t status = shunt_find_sections(&v);
    if (status == SHUNT_OK) {
        status = find_kernels(&v, kernels);
    }
    if (status != SHUNT_OK) {
        return status;
    }
    if (!shunt_validate_tensors(&v) || !shunt_validate_steps(&v) || !shunt_validate_io(&v) ||
        !shunt_validate_state(&v) || !shunt_validate_overlaps(&v)) {
        return SHUNT_ERR_FORMAT;
    }
    return check_kernels(model);
}

shunt_status_t shunt_open(shunt_model_t *model, const void *blob, size_t available_bytes,
                          const shunt_kernel_table_t *kernels) {
    if (model == NULL || blob == NULL || kernels == NULL) {
        return SHUNT_ERR_ARGUMENT;
    }
    shunt_write_bytes(model, NULL, 0, sizeof *model);
    if ((uintptr_t)blob % SHUNT_BLOB_ALIGNMENT != 0) {
        return SHUNT_ERR_ALIGNMENT;
    }
    shunt_status_t status = check_identity(blob, available_bytes);
    if (status == SHUNT_OK) {
        model->blob = blob;
        model->header = blob;
        status = open_blob(model, kernels);
    }
    if (status != SHUNT_OK) {
        // Nothing of a refused blob can be reached through the model; what is at fault stays.
        shunt_write_bytes(model, NULL, 0, offsetof(shunt_model_t, failed_step));
    }
    return status;
}
