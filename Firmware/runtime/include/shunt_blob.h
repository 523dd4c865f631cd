// SPDX-License-Identifier: Apache-2.0
//
// The blob, byte by byte: the C view of Docs/spec/blob-format.md, shared by the runtime on the
// board and by the host's writer and reader. Everything is little-endian and naturally aligned; the
// blob itself starts at an address that is a multiple of SHUNT_BLOB_ALIGNMENT. Offsets are counted
// in bytes from the start of the blob, arena offsets from the start of the arena.
#ifndef SHUNT_BLOB_H
#define SHUNT_BLOB_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    SHUNT_BLOB_VERSION_MAJOR = 1, ///< A reader refuses any other.
    SHUNT_BLOB_VERSION_MINOR = 0, ///< A reader accepts any; unknown optional sections are skipped.
    SHUNT_BLOB_ALIGNMENT = 16,    ///< Of the blob, its sections, constants and arena tensors.
    SHUNT_BLOB_CRC_START = 20,    ///< First byte that the header's CRC-32 covers, up to the end.
    SHUNT_MAX_RANK = 6,           ///< Largest number of dimensions of a tensor.
    SHUNT_MAX_KERNELS = 32,       ///< Largest number of distinct kernels that one blob may name.
    SHUNT_MAX_SECTIONS = 64,      ///< Largest number of sections.
    SHUNT_MAX_TENSORS = 4096,     ///< Largest number of tensors.
    SHUNT_MAX_STEPS = 4096,       ///< Largest number of steps.
    SHUNT_MAX_BYTES = 0x7FFFFFF0  ///< Largest blob and largest arena, in bytes.
};

/// Header flags.
enum {
    SHUNT_BLOB_INPUT_SURVIVES = 1u << 0, ///< run() leaves every input tensor as it was.
    SHUNT_BLOB_STATEFUL = 1u << 1        ///< State is kept between runs; reset() starts it anew.
};

/// How accumulators become int8 (Docs/spec/blob-format.md, "Rounding").
typedef enum shunt_rounding {
    SHUNT_ROUNDING_EXACT = 0, ///< TFLite Micro's reference kernels, bit for bit.
    SHUNT_ROUNDING_FAST = 1   ///< clamp(((acc * m + 2^(s-1)) >> s) + zp), on all cores.
} shunt_rounding_t;

/// Kernel sets. A number is never used again for something else.
typedef enum shunt_kernel_set {
    SHUNT_SET_PORTABLE = 1,
    SHUNT_SET_DSP = 2,
    SHUNT_SET_MVE = 3,
    SHUNT_SET_NEON = 4
} shunt_kernel_set_t;

/// Kernels. The meaning of each is that of its `portable` edition. A number is never used again for
/// something else.
typedef enum shunt_kernel_id {
    SHUNT_KERNEL_CONV2D_S8 = 1,
    SHUNT_KERNEL_DEPTHWISE_CONV2D_S8 = 2,
    SHUNT_KERNEL_FULLY_CONNECTED_S8 = 3,
    SHUNT_KERNEL_ADD_S8 = 4,
    SHUNT_KERNEL_AVERAGE_POOL2D_S8 = 5,
    SHUNT_KERNEL_MAX_POOL2D_S8 = 6,
    SHUNT_KERNEL_SOFTMAX_S8 = 7,
    SHUNT_KERNEL_REQUANTIZE_S8 = 8,
    SHUNT_KERNEL_COPY = 9,
    SHUNT_KERNEL_LOOKUP_S8 = 10,
    SHUNT_KERNEL_SUB_S8 = 11,
    SHUNT_KERNEL_MUL_S8 = 12,
    SHUNT_KERNEL_DIV_S8 = 13,
    SHUNT_KERNEL_EXTREMUM = 14,
    SHUNT_KERNEL_SQUARED_DIFFERENCE_S8 = 15,
    SHUNT_KERNEL_COMPARE_S8 = 16,
    SHUNT_KERNEL_SELECT = 17,
    SHUNT_KERNEL_PRELU_S8 = 18,
    SHUNT_KERNEL_REQUANTIZE_MIXED = 19,
    SHUNT_KERNEL_CAST = 20,
    SHUNT_KERNEL_ADD_S16 = 21,
    SHUNT_KERNEL_SUB_S16 = 22,
    SHUNT_KERNEL_MUL_S16 = 23,
    SHUNT_KERNEL_SQUARED_DIFFERENCE_S16 = 24,
    SHUNT_KERNEL_PRELU_S16 = 25,
    SHUNT_KERNEL_SIGMOID_S16 = 26,
    SHUNT_KERNEL_PIECEWISE_S16 = 27,
    SHUNT_KERNEL_ADD_LINE_S8 = 28,
    SHUNT_KERNEL_FULLY_CONNECTED_LANES_S8 = 29,
    SHUNT_KERNEL_MOVE = 30,
    SHUNT_KERNEL_GATHER = 31,
    SHUNT_KERNEL_REDUCE_SUM_S8 = 40,
    SHUNT_KERNEL_REDUCE_SUM_S16 = 41,
    SHUNT_KERNEL_REDUCE_MAX_S8 = 42,
    SHUNT_KERNEL_ARG_MAX_S8 = 43,
    SHUNT_KERNEL_L2_NORMALIZATION_S8 = 44,
    SHUNT_KERNEL_RESIZE_BILINEAR_S8 = 45,
    SHUNT_KERNEL_LOG_SOFTMAX_S8 = 46,
    SHUNT_KERNEL_SOFTMAX_S8_S16 = 47,
    SHUNT_KERNEL_SOFTMAX_S16 = 48,
    SHUNT_KERNEL_AVERAGE_POOL2D_S16 = 49,
    SHUNT_KERNEL_MAX_POOL2D_S16 = 50,
    SHUNT_KERNEL_CUMSUM_S8 = 51,
    SHUNT_KERNEL_CONV2D_S16 = 60,
    SHUNT_KERNEL_DEPTHWISE_CONV2D_S16 = 61,
    SHUNT_KERNEL_FULLY_CONNECTED_S16 = 62,
    SHUNT_KERNEL_TRANSPOSE_CONV_S8 = 63,
    SHUNT_KERNEL_TRANSPOSE_CONV_S16 = 64,
    SHUNT_KERNEL_BATCH_MATMUL_S8 = 65,
    SHUNT_KERNEL_BATCH_MATMUL_S16 = 66,
    SHUNT_KERNEL_CONV2D_S4 = 70,
    SHUNT_KERNEL_FULLY_CONNECTED_S4 = 71,
    SHUNT_KERNEL_RING_PUSH = 80,
    SHUNT_KERNEL_SLIDE = 81,
    SHUNT_KERNEL_CONV2D_RING_S8 = 82,
    SHUNT_KERNEL_DEPTHWISE_CONV2D_RING_S8 = 83,
    SHUNT_KERNEL_FULLY_CONNECTED_RING_S8 = 84,
    SHUNT_KERNEL_LSTM_S8 = 90,
    SHUNT_KERNEL_LSTM_S16 = 91,
    SHUNT_KERNEL_SVDF_S8 = 92,
} shunt_kernel_id_t;

/// Element types.
typedef enum shunt_type {
    SHUNT_TYPE_S8 = 1,
    SHUNT_TYPE_U8 = 2,
    SHUNT_TYPE_S16 = 3,
    SHUNT_TYPE_S32 = 4,
    SHUNT_TYPE_F32 = 5,
    SHUNT_TYPE_S4 = 6, ///< Two to a byte, the lower index in the lower nibble.
    SHUNT_TYPE_BOOL = 7,
    SHUNT_TYPE_S64 = 8
} shunt_type_t;

/// Where a tensor lives.
typedef enum shunt_storage {
    SHUNT_STORAGE_ARENA = 1,   ///< In the arena, alive from first_step to last_step.
    SHUNT_STORAGE_STATE = 2,   ///< In the arena's state region, alive between runs.
    SHUNT_STORAGE_CONSTANT = 3 ///< In the blob's CONSTANTS section.
} shunt_storage_t;

/// Section kinds.
typedef enum shunt_section_kind {
    SHUNT_SECTION_STRINGS = 1,    ///< NUL-terminated UTF-8; the first is the empty string.
    SHUNT_SECTION_TENSORS = 2,    ///< shunt_blob_tensor_t[]
    SHUNT_SECTION_STEPS = 3,      ///< shunt_blob_step_t[], in execution order.
    SHUNT_SECTION_KERNELS = 4,    ///< shunt_blob_kernel_t[], at most SHUNT_MAX_KERNELS.
    SHUNT_SECTION_INDICES = 5,    ///< uint32_t[]: dimensions, operands, source operators.
    SHUNT_SECTION_INPUTS = 6,     ///< shunt_blob_io_t[]
    SHUNT_SECTION_OUTPUTS = 7,    ///< shunt_blob_io_t[]
    SHUNT_SECTION_CONSTANTS = 8,  ///< Kernel parameters, weights, channel constants; used in place.
    SHUNT_SECTION_STATE_INIT = 9, ///< shunt_blob_state_init_t[]
    SHUNT_SECTION_METADATA = 10   ///< UTF-8 JSON for the host: labels, provenance.
} shunt_section_kind_t;

enum {
    SHUNT_SECTION_REQUIRED = 1u << 0 ///< A reader that does not know the kind must refuse the blob.
};

/// The first 96 bytes of a blob. The section table follows at once.
typedef struct shunt_blob_header {
    uint8_t magic[8];         ///< "SHUNTBLB"
    uint16_t version_major;   ///< SHUNT_BLOB_VERSION_MAJOR
    uint16_t version_minor;   ///< Of the writer.
    uint32_t total_bytes;     ///< Multiple of SHUNT_BLOB_ALIGNMENT.
    uint32_t crc32;           ///< shunt_crc32 of bytes SHUNT_BLOB_CRC_START ... total_bytes - 1.
    uint32_t flags;           ///< SHUNT_BLOB_...
    uint32_t arena_bytes;     ///< All RAM of one inference; multiple of SHUNT_BLOB_ALIGNMENT.
    uint32_t section_count;   ///< Entries of the section table.
    uint32_t sections_offset; ///< Of the section table: sizeof(shunt_blob_header_t).
    uint16_t rounding;        ///< shunt_rounding_t
    uint16_t kernel_set;      ///< shunt_kernel_set_t that the blob was packed for.
    uint32_t state_offset;    ///< Arena offset of the state region; 0 if there is none.
    uint32_t state_bytes;     ///< Bytes of the state region; it lies inside arena_bytes.
    uint32_t weights_bytes;   ///< Bytes of weights inside CONSTANTS; for information.
    uint32_t reserved[3];     ///< 0
    uint8_t graph_sha256[32]; ///< Hash of the quantized graph before packing.
} shunt_blob_header_t;

/// One entry of the section table; sections do not overlap.
typedef struct shunt_blob_section {
    uint32_t kind;   ///< shunt_section_kind_t; each kind at most once.
    uint32_t offset; ///< Multiple of SHUNT_BLOB_ALIGNMENT.
    uint32_t bytes;  ///< Payload bytes, without padding.
    uint32_t flags;  ///< SHUNT_SECTION_...
} shunt_blob_section_t;

/// A tensor that takes part in execution. Weights are none: they belong to a kernel's parameters.
typedef struct shunt_blob_tensor {
    uint32_t name;       ///< Offset in STRINGS.
    uint8_t type;        ///< shunt_type_t
    uint8_t rank;        ///< 0 ... SHUNT_MAX_RANK
    uint8_t storage;     ///< shunt_storage_t
    uint8_t layout;      ///< 0: dense, last dimension fastest (NHWC). Others are reserved.
    uint32_t dims;       ///< Index in INDICES of the first of `rank` dimensions, each at least 1.
    uint32_t offset;     ///< Arena offset, or blob offset of a constant; multiple of 16.
    uint32_t bytes;      ///< Product of the dimensions times the element's size.
    float scale;         ///< real = scale * (q - zero_point); 0 if the tensor is not quantized.
    int32_t zero_point;  ///< See scale.
    uint16_t first_step; ///< First step during which it must be kept; 0 for an input.
    uint16_t last_step;  ///< Last one, inclusive; step_count for an output.
} shunt_blob_tensor_t;

/// The low bits of a step's flags: what its channel records are, and how accumulators become
/// outputs (Docs/spec/blob-format.md, "Rounding"). 0 for kernels that have no channel records.
typedef enum shunt_requantization {
    SHUNT_REQUANTIZE_EXACT = 0, ///< shunt_channel_t; two roundings, as in TFLite Micro.
    SHUNT_REQUANTIZE_LINE = 1,  ///< shunt_line_t; one multiplication, proved equal by the packer.
    SHUNT_REQUANTIZE_FAST = 2   ///< shunt_channel_t; one rounding: SHUNT_ROUNDING_FAST.
} shunt_requantization_t;

/// One executed step: one or more operators of the source graph, run by one kernel.
typedef struct shunt_blob_step {
    uint32_t name;           ///< Offset in STRINGS.
    uint16_t kernel;         ///< Index in KERNELS.
    uint8_t input_count;     ///< Operands that are read.
    uint8_t output_count;    ///< Operands that are written; they follow the inputs.
    uint32_t operands;       ///< Index in INDICES of the first operand's tensor index.
    uint32_t params_offset;  ///< Blob offset of the parameters, in CONSTANTS; multiple of 16.
    uint32_t params_bytes;   ///< Bytes of the parameters.
    uint32_t scratch_offset; ///< Arena offset, multiple of 16; 0 if there is no scratch.
    uint32_t scratch_bytes;  ///< Alive for this step only.
    uint32_t sources;        ///< Index in INDICES of the first source operator's number.
    uint16_t source_count;   ///< Operators of the source graph that this step stands for.
    uint16_t flags;          ///< shunt_requantization_t; the other bits are 0.
    uint32_t reserved;       ///< 0
    uint64_t macs;           ///< Multiply-accumulates per run; for information.
} shunt_blob_step_t;

/// A kernel that the blob needs.
typedef struct shunt_blob_kernel {
    uint16_t id;     ///< shunt_kernel_id_t
    uint8_t set;     ///< shunt_kernel_set_t
    uint8_t version; ///< Of the kernel's parameter layout.
    uint32_t name;   ///< Offset in STRINGS, for messages: "conv2d_s8".
} shunt_blob_kernel_t;

/// Conversions that the host makes at the model's edge.
typedef enum shunt_host_op {
    SHUNT_HOST_NONE = 0,
    SHUNT_HOST_QUANTIZE = 1,  ///< Input: the host takes float32 and quantizes it.
    SHUNT_HOST_DEQUANTIZE = 2 ///< Output: the host dequantizes and yields float32.
} shunt_host_op_t;

/// An input or output of the model.
typedef struct shunt_blob_io {
    uint32_t tensor;       ///< Index in TENSORS.
    uint32_t name;         ///< Offset in STRINGS.
    uint8_t external_type; ///< shunt_type_t that the model's user sees.
    uint8_t host_op;       ///< shunt_host_op_t
    uint16_t reserved0;    ///< 0
    uint32_t reserved1;    ///< 0
} shunt_blob_io_t;

/// What reset() writes into the state region.
typedef struct shunt_blob_state_init {
    uint32_t arena_offset; ///< Inside the state region.
    uint32_t bytes;        ///< At least 1.
    uint32_t data_offset;  ///< Blob offset, in CONSTANTS, of what to copy; 0: fill.
    uint32_t fill;         ///< Byte to fill with (0 ... 255) if data_offset is 0.
} shunt_blob_state_init_t;

#ifndef __cplusplus
_Static_assert(sizeof(shunt_blob_header_t) == 96, "layout");
_Static_assert(sizeof(shunt_blob_section_t) == 16, "layout");
_Static_assert(sizeof(shunt_blob_tensor_t) == 32, "layout");
_Static_assert(sizeof(shunt_blob_step_t) == 48, "layout");
_Static_assert(sizeof(shunt_blob_kernel_t) == 8, "layout");
_Static_assert(sizeof(shunt_blob_io_t) == 16, "layout");
_Static_assert(sizeof(shunt_blob_state_init_t) == 16, "layout");
#endif

#ifdef __cplusplus
}
#endif
#endif
