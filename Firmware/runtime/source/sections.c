// SPDX-License-Identifier: Apache-2.0
#include "validate.h"

/// Where the sections of known kinds lie, and how many records they hold; 0 if there is none.
typedef struct section_map {
    uint32_t offset[SHUNT_SECTION_METADATA + 1];
    uint32_t count[SHUNT_SECTION_METADATA + 1];
} section_map_t;

/// Records of each section kind have 2 to this power bytes; those of STEPS three times as many.
static const uint8_t record_shift[SHUNT_SECTION_METADATA + 1] = {
    [SHUNT_SECTION_TENSORS] = 5,    [SHUNT_SECTION_STEPS] = 4,  [SHUNT_SECTION_KERNELS] = 3,
    [SHUNT_SECTION_INDICES] = 2,    [SHUNT_SECTION_INPUTS] = 4, [SHUNT_SECTION_OUTPUTS] = 4,
    [SHUNT_SECTION_STATE_INIT] = 4,
};
_Static_assert(sizeof(shunt_blob_tensor_t) == 1u << 5, "record_shift");
_Static_assert(sizeof(shunt_blob_step_t) == 3u << 4, "record_shift");
_Static_assert(sizeof(shunt_blob_kernel_t) == 1u << 3, "record_shift");
_Static_assert(sizeof(shunt_blob_io_t) == 1u << 4, "record_shift");
_Static_assert(sizeof(shunt_blob_state_init_t) == 1u << 4, "record_shift");

static bool section_valid(const shunt_blob_header_t *header, const shunt_blob_section_t *sections,
                          uint32_t index) {
    const shunt_blob_section_t *section = &sections[index];
    const uint32_t start =
        header->sections_offset + header->section_count * (uint32_t)sizeof *section;
    if ((section->offset % SHUNT_BLOB_ALIGNMENT |
         (section->flags & ~(uint32_t)SHUNT_SECTION_REQUIRED)) != 0 ||
        !shunt_range_inside(section->offset, section->bytes, start, header->total_bytes - start)) {
        return false;
    }
    for (uint32_t i = 0; i < index; i++) {
        if (sections[i].kind == section->kind ||
            shunt_ranges_overlap(sections[i].offset, sections[i].bytes, section->offset,
                                 section->bytes)) {
            return false;
        }
    }
    return true;
}

/// Notes a section of a known kind; false if it does not hold a whole number of records.
static bool note_section(section_map_t *map, const shunt_blob_section_t *section) {
    const uint32_t kind = section->kind;
    const uint32_t shift = record_shift[kind];
    uint32_t count = section->bytes >> shift;
    if (count << shift != section->bytes) {
        return false;
    }
    if (kind == SHUNT_SECTION_STEPS) {
        // Divides by 3: multiples of 3, and only they, times the inverse of 3 are below 2^32 / 3.
        count *= 0xAAAAAAABu;
        if (count > UINT32_MAX / 3) {
            return false;
        }
    }
    map->offset[kind] = section->offset;
    map->count[kind] = count;
    return true;
}

static shunt_status_t map_sections(const shunt_blob_header_t *header, section_map_t *map) {
    const void *table = (const uint8_t *)header + header->sections_offset;
    const shunt_blob_section_t *sections = table;
    shunt_write_bytes(map, NULL, 0, sizeof *map);
    for (uint32_t i = 0; i < header->section_count; i++) {
        const uint32_t kind = sections[i].kind;
        if (!section_valid(header, sections, i)) {
            return SHUNT_ERR_FORMAT;
        }
        if (kind == 0 || kind > SHUNT_SECTION_METADATA) {
            if ((sections[i].flags & SHUNT_SECTION_REQUIRED) != 0) {
                return SHUNT_ERR_VERSION;
            }
        } else if (!note_section(map, &sections[i])) {
            return SHUNT_ERR_FORMAT;
        }
    }
    return SHUNT_OK;
}

/// The records of one kind.
static const void *records(const shunt_model_t *model, const section_map_t *map, uint32_t kind) {
    return model->blob + map->offset[kind];
}

/// Points `model` and `v` at the sections.
static void adopt_sections(validation_t *v, const section_map_t *map) {
    shunt_model_t *model = v->model;
    const uint32_t *count = map->count;
    model->strings = records(model, map, SHUNT_SECTION_STRINGS);
    v->strings_bytes = count[SHUNT_SECTION_STRINGS];
    model->tensors = records(model, map, SHUNT_SECTION_TENSORS);
    model->tensor_count = count[SHUNT_SECTION_TENSORS];
    model->steps = records(model, map, SHUNT_SECTION_STEPS);
    model->step_count = count[SHUNT_SECTION_STEPS];
    v->kernels = records(model, map, SHUNT_SECTION_KERNELS);
    v->kernel_count = count[SHUNT_SECTION_KERNELS];
    model->indices = records(model, map, SHUNT_SECTION_INDICES);
    model->index_count = count[SHUNT_SECTION_INDICES];
    model->inputs = records(model, map, SHUNT_SECTION_INPUTS);
    model->input_count = count[SHUNT_SECTION_INPUTS];
    model->outputs = records(model, map, SHUNT_SECTION_OUTPUTS);
    model->output_count = count[SHUNT_SECTION_OUTPUTS];
    model->constants_offset = map->offset[SHUNT_SECTION_CONSTANTS];
    model->constants_bytes = count[SHUNT_SECTION_CONSTANTS];
    model->state_inits = records(model, map, SHUNT_SECTION_STATE_INIT);
    model->state_init_count = count[SHUNT_SECTION_STATE_INIT];
}

/// Whether the counts are within the format's limits, and every name in STRINGS ends.
static bool counts_valid(const validation_t *v) {
    const shunt_model_t *model = v->model;
    return model->tensor_count <= SHUNT_MAX_TENSORS && model->step_count <= SHUNT_MAX_STEPS &&
           v->kernel_count <= SHUNT_MAX_KERNELS && model->input_count <= model->tensor_count &&
           model->output_count <= model->tensor_count && v->strings_bytes != 0 &&
           (model->strings[0] | model->strings[v->strings_bytes - 1]) == '\0';
}

shunt_status_t shunt_find_sections(validation_t *v) {
    section_map_t map;
    const shunt_status_t status = map_sections(v->model->header, &map);
    if (status != SHUNT_OK) {
        return status;
    }
    adopt_sections(v, &map);
    return counts_valid(v) ? SHUNT_OK : SHUNT_ERR_FORMAT;
}
