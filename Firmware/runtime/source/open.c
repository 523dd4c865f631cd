// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "validate.h"

/// Where the sections of known kinds lie; 0 bytes if there is none.
typedef struct section_map {
    uint32_t offset[SHUNT_SECTION_METADATA + 1];
    uint32_t bytes[SHUNT_SECTION_METADATA + 1];
} section_map_t;

/// Bytes of one record of each section kind.
static const uint8_t record_bytes[SHUNT_SECTION_METADATA + 1] = {
    [SHUNT_SECTION_STRINGS] = 1,
    [SHUNT_SECTION_TENSORS] = sizeof(shunt_blob_tensor_t),
    [SHUNT_SECTION_STEPS] = sizeof(shunt_blob_step_t),
    [SHUNT_SECTION_KERNELS] = sizeof(shunt_blob_kernel_t),
    [SHUNT_SECTION_INDICES] = sizeof(uint32_t),
    [SHUNT_SECTION_INPUTS] = sizeof(shunt_blob_io_t),
    [SHUNT_SECTION_OUTPUTS] = sizeof(shunt_blob_io_t),
    [SHUNT_SECTION_CONSTANTS] = 1,
    [SHUNT_SECTION_STATE_INIT] = sizeof(shunt_blob_state_init_t),
    [SHUNT_SECTION_METADATA] = 1,
};

// Header ----------------------------------------------------------------------------------------

/// Whether the bytes are a whole, undamaged blob of a version that we read.
static shunt_status_t check_identity(const shunt_blob_header_t *header, size_t available_bytes) {
    static const char magic[sizeof header->magic] = {'S', 'H', 'U', 'N', 'T', 'B', 'L', 'B'};
    if (available_bytes < sizeof *header) {
        return SHUNT_ERR_TRUNCATED;
    }
    if (memcmp(header->magic, magic, sizeof magic) != 0) {
        return SHUNT_ERR_MAGIC;
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
    const bool stateful = (header->flags & SHUNT_BLOB_STATEFUL) != 0;
    return header->total_bytes <= SHUNT_MAX_BYTES && header->arena_bytes <= SHUNT_MAX_BYTES &&
           header->total_bytes % SHUNT_BLOB_ALIGNMENT == 0 &&
           header->arena_bytes % SHUNT_BLOB_ALIGNMENT == 0 && (header->flags & ~known_flags) == 0 &&
           header->rounding <= SHUNT_ROUNDING_FAST && stateful == (header->state_bytes != 0) &&
           (stateful || header->state_offset == 0) &&
           header->state_offset % SHUNT_BLOB_ALIGNMENT == 0 &&
           range_inside(header->state_offset, header->state_bytes, 0, header->arena_bytes) &&
           header->sections_offset == sizeof *header &&
           header->section_count <= SHUNT_MAX_SECTIONS &&
           header->section_count <=
               (header->total_bytes - sizeof *header) / sizeof(shunt_blob_section_t) &&
           (header->reserved[0] | header->reserved[1] | header->reserved[2]) == 0;
}

// Sections --------------------------------------------------------------------------------------

static bool section_valid(const shunt_blob_header_t *header, const shunt_blob_section_t *sections,
                          uint32_t index) {
    const shunt_blob_section_t *section = &sections[index];
    const uint32_t start =
        header->sections_offset + header->section_count * (uint32_t)sizeof *section;
    if (section->offset % SHUNT_BLOB_ALIGNMENT != 0 ||
        (section->flags & ~(uint32_t)SHUNT_SECTION_REQUIRED) != 0 ||
        !range_inside(section->offset, section->bytes, start, header->total_bytes - start)) {
        return false;
    }
    for (uint32_t i = 0; i < index; i++) {
        if (sections[i].kind == section->kind ||
            ranges_overlap(sections[i].offset, sections[i].bytes, section->offset,
                           section->bytes)) {
            return false;
        }
    }
    return true;
}

static shunt_status_t map_sections(const shunt_blob_header_t *header, section_map_t *map) {
    const void *table = (const uint8_t *)header + header->sections_offset;
    const shunt_blob_section_t *sections = table;
    memset(map, 0, sizeof *map);
    for (uint32_t i = 0; i < header->section_count; i++) {
        const uint32_t kind = sections[i].kind;
        if (!section_valid(header, sections, i)) {
            return SHUNT_ERR_FORMAT;
        }
        if (kind == 0 || kind > SHUNT_SECTION_METADATA) {
            if ((sections[i].flags & SHUNT_SECTION_REQUIRED) != 0) {
                return SHUNT_ERR_VERSION;
            }
            continue;
        }
        if (sections[i].bytes % record_bytes[kind] != 0) {
            return SHUNT_ERR_FORMAT;
        }
        map->offset[kind] = sections[i].offset;
        map->bytes[kind] = sections[i].bytes;
    }
    return SHUNT_OK;
}

/// Points `model` and `v` at the sections.
static void adopt_sections(validation_t *v, const section_map_t *map) {
    shunt_model_t *model = v->model;
    const void *start[SHUNT_SECTION_METADATA + 1];
    uint32_t count[SHUNT_SECTION_METADATA + 1];
    for (uint32_t kind = SHUNT_SECTION_STRINGS; kind <= SHUNT_SECTION_METADATA; kind++) {
        start[kind] = model->blob + map->offset[kind];
        count[kind] = map->bytes[kind] / record_bytes[kind];
    }
    model->strings = start[SHUNT_SECTION_STRINGS];
    v->strings_bytes = count[SHUNT_SECTION_STRINGS];
    model->tensors = start[SHUNT_SECTION_TENSORS];
    model->tensor_count = count[SHUNT_SECTION_TENSORS];
    model->steps = start[SHUNT_SECTION_STEPS];
    model->step_count = count[SHUNT_SECTION_STEPS];
    v->kernels = start[SHUNT_SECTION_KERNELS];
    v->kernel_count = count[SHUNT_SECTION_KERNELS];
    model->indices = start[SHUNT_SECTION_INDICES];
    model->index_count = count[SHUNT_SECTION_INDICES];
    model->inputs = start[SHUNT_SECTION_INPUTS];
    model->input_count = count[SHUNT_SECTION_INPUTS];
    model->outputs = start[SHUNT_SECTION_OUTPUTS];
    model->output_count = count[SHUNT_SECTION_OUTPUTS];
    model->constants_offset = map->offset[SHUNT_SECTION_CONSTANTS];
    model->constants_bytes = map->bytes[SHUNT_SECTION_CONSTANTS];
    model->state_inits = start[SHUNT_SECTION_STATE_INIT];
    model->state_init_count = count[SHUNT_SECTION_STATE_INIT];
}

/// Whether the counts are within the format's limits, and every name in STRINGS ends.
static bool counts_valid(const validation_t *v) {
    const shunt_model_t *model = v->model;
    return model->tensor_count <= SHUNT_MAX_TENSORS && model->step_count <= SHUNT_MAX_STEPS &&
           v->kernel_count <= SHUNT_MAX_KERNELS && model->input_count <= model->tensor_count &&
           model->output_count <= model->tensor_count && v->strings_bytes != 0 &&
           model->strings[0] == '\0' && model->strings[v->strings_bytes - 1] == '\0';
}

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

static shunt_status_t find_sections(validation_t *v) {
    section_map_t map;
    const shunt_status_t status = map_sections(v->model->header, &map);
    if (status != SHUNT_OK) {
        return status;
    }
    adopt_sections(v, &map);
    return counts_valid(v) ? SHUNT_OK : SHUNT_ERR_FORMAT;
}

static shunt_status_t open_blob(shunt_model_t *model, const shunt_kernel_table_t *kernels) {
    if (!header_valid(model->header)) {
        return SHUNT_ERR_FORMAT;
    }
    validation_t v = {.model = model};
    shunt_status_t status = find_sections(&v);
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
    memset(model, 0, sizeof *model);
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
        // Nothing of a refused blob can be reached through the model.
        const uint32_t failed_step = model->failed_step;
        memset(model, 0, sizeof *model);
        model->failed_step = failed_step;
    }
    return status;
}
