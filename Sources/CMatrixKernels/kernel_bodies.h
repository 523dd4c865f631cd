// SPDX-License-Identifier: Apache-2.0

// The functions of shunt_matrix_kernels_t for one instruction set. Included once by each
// kernels_*.c, which defines
//   TARGET     the attribute that selects the instruction set,
//   ROWS       rows of a tile, so many that its sums fit into the registers,
//   PANELS     panels of a tile, 1 or 2,
//   KERNELS    the name of the table.
// Vectors are the compiler's: sixteen lanes become one, two or four registers.

#include <math.h>
#include <string.h>

#include "shunt_matrix_kernels.h"

// Vectors are passed to inlined functions only, so that no calling convention matters.
#pragma GCC diagnostic ignored "-Wpsabi"

#define LANES SHUNT_MATRIX_PANEL
#define INLINE static inline __attribute__((always_inline)) TARGET

typedef float vector_t __attribute__((vector_size(4 * LANES)));
typedef int mask_t __attribute__((vector_size(4 * LANES)));

INLINE vector_t load(const float *address) {
    vector_t value;
    memcpy(&value, address, sizeof value);
    return value;
}

INLINE void store(float *address, vector_t value) {
    memcpy(address, &value, sizeof value);
}

INLINE vector_t splat(float value) {
    vector_t result;
    for (int lane = 0; lane < LANES; ++lane) {
        result[lane] = value;
    }
    return result;
}

INLINE vector_t select_lanes(mask_t mask, vector_t yes, vector_t no) {
    return (vector_t)((mask & (mask_t)yes) | (~mask & (mask_t)no));
}

// Comparisons are false for NaN, which so stays.
INLINE vector_t limit(vector_t value, vector_t lower, vector_t upper) {
    const vector_t raised = select_lanes(value < lower, lower, value);
    return select_lanes(raised > upper, upper, raised);
}

INLINE float limit_one(float value, float lower, float upper) {
    const float raised = value < lower ? lower : value;
    return raised > upper ? upper : raised;
}

// Always the same tree.
INLINE float sum_lanes(vector_t value) {
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int lane = 0; lane < half; ++lane) {
            value[lane] += value[lane + half];
        }
    }
    return value[0];
}

// One tile of `rows` by `panels` panels: all sums stay in registers over the whole inner dimension.
INLINE void multiply_tile(const shunt_matrix_product_t *p, size_t row, size_t panel, const int rows,
                          const int panels, const bool walks_rows) {
    const size_t a_row = walks_rows ? p->a_row : 1;
    const size_t a_step = walks_rows ? 1 : p->a_step;
    const size_t first = panel * LANES;
    const size_t panel_floats = p->inner * LANES;
    const float *b = p->packed_b + panel * panel_floats;
    float *c = p->c + row * p->c_row + first;
    // Lanes of the last panel that are columns.
    const size_t rest = p->columns - (first + (size_t)(panels - 1) * LANES);
    const size_t last = rest < LANES ? rest : LANES;
    vector_t sums[ROWS][PANELS];
    for (int j = 0; j < panels; ++j) {
        const size_t width = j == panels - 1 ? last : LANES;
        vector_t start = splat(0);
        if (p->bias) {
            memcpy(&start, p->bias + first + (size_t)j * LANES, width * sizeof(float));
        }
        for (int i = 0; i < rows; ++i) {
            if (p->accumulates) {
                memcpy(&start, c + (size_t)i * p->c_row + (size_t)j * LANES, width * sizeof(float));
            }
            sums[i][j] = start;
        }
    }
    const float *a = p->a + row * a_row;
    for (size_t done = 0; done < p->inner; done += p->segment, a += p->a_segment) {
        const float *element = a;
        for (size_t k = 0; k < p->segment; ++k, element += a_step, b += LANES) {
            vector_t values[PANELS];
            for (int j = 0; j < panels; ++j) {
                values[j] = load(b + (size_t)j * panel_floats);
            }
            for (int i = 0; i < rows; ++i) {
                const vector_t factor = splat(element[(size_t)i * a_row]);
                for (int j = 0; j < panels; ++j) {
                    sums[i][j] += factor * values[j];
                }
            }
        }
    }
    const vector_t lower = splat(p->lower), upper = splat(p->upper);
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < panels; ++j) {
            const vector_t value = limit(sums[i][j], lower, upper);
            float *target = c + (size_t)i * p->c_row + (size_t)j * LANES;
            if (j < panels - 1 || last == LANES) {
                store(target, value);
            } else {
                memcpy(target, &value, last * sizeof(float));
            }
        }
    }
}

// All panels of a run of rows.
INLINE void multiply_rows(const shunt_matrix_product_t *p, size_t row, const int rows,
                          const bool walks_rows) {
    const size_t panels = (p->columns + LANES - 1) / LANES;
    size_t panel = p->upper_triangle ? row / LANES : 0;
    for (; PANELS == 2 && panel + 2 <= panels; panel += 2) {
        multiply_tile(p, row, panel, rows, PANELS, walks_rows);
    }
    for (; panel < panels; ++panel) {
        multiply_tile(p, row, panel, rows, 1, walks_rows);
    }
}

// One function for each number of rows, so that it is a constant inside.
#define ROW_FUNCTIONS(rows)                                                                        \
    TARGET static void walk_rows_##rows(const shunt_matrix_product_t *p, size_t row) {             \
        multiply_rows(p, row, rows, true);                                                         \
    }                                                                                              \
    TARGET static void walk_columns_##rows(const shunt_matrix_product_t *p, size_t row) {          \
        multiply_rows(p, row, rows, false);                                                        \
    }

ROW_FUNCTIONS(1)
ROW_FUNCTIONS(2)
#if ROWS > 2
ROW_FUNCTIONS(3)
ROW_FUNCTIONS(4)
#endif
#if ROWS > 4
ROW_FUNCTIONS(5)
ROW_FUNCTIONS(6)
#endif
#if ROWS > 6
ROW_FUNCTIONS(7)
ROW_FUNCTIONS(8)
#endif

typedef void (*row_function_t)(const shunt_matrix_product_t *p, size_t row);

static const row_function_t row_functions[2][ROWS] = {
#if ROWS == 8
    {walk_columns_1, walk_columns_2, walk_columns_3, walk_columns_4, walk_columns_5, walk_columns_6,
     walk_columns_7, walk_columns_8},
    {walk_rows_1, walk_rows_2, walk_rows_3, walk_rows_4, walk_rows_5, walk_rows_6, walk_rows_7,
     walk_rows_8},
#elif ROWS == 6
    {walk_columns_1, walk_columns_2, walk_columns_3, walk_columns_4, walk_columns_5,
     walk_columns_6},
    {walk_rows_1, walk_rows_2, walk_rows_3, walk_rows_4, walk_rows_5, walk_rows_6},
#else
    {walk_columns_1, walk_columns_2},
    {walk_rows_1, walk_rows_2},
#endif
};

static void multiply(const shunt_matrix_product_t *p) {
    const row_function_t *functions = row_functions[p->a_step == 1];
    // Tiles of nearly equal height: a last one of a single row would wait for its own sums.
    const size_t tiles = (p->rows + ROWS - 1) / ROWS;
    size_t row = 0;
    for (size_t tile = 0; tile < tiles; ++tile) {
        const size_t end = p->rows * (tile + 1) / tiles;
        functions[end - row - 1](p, row);
        row = end;
    }
}

TARGET static void pack(const float *b, size_t b_row, bool transposed, size_t inner, size_t columns,
                        float factor, float *packed) {
    for (size_t first = 0; first < columns; first += LANES) {
        const size_t width = columns - first < LANES ? columns - first : LANES;
        if (width < LANES) {
            memset(packed, 0, inner * LANES * sizeof(float));
        }
        if (!transposed && width == LANES) {
            for (size_t k = 0; k < inner; ++k) {
                store(packed + k * LANES, load(b + k * b_row + first) * splat(factor));
            }
        } else {
            const float *source = b + first * (transposed ? b_row : 1);
            const size_t lane_step = transposed ? b_row : 1, step = transposed ? 1 : b_row;
            for (size_t lane = 0; lane < width; ++lane) {
                for (size_t k = 0; k < inner; ++k) {
                    packed[k * LANES + lane] = source[lane * lane_step + k * step] * factor;
                }
            }
        }
        packed += inner * LANES;
    }
}

// Rows of a matrix by a vector, several rows at once so that sums do not wait for each other.
INLINE void dot_rows(const float *matrix, const float *vector, size_t columns, const int rows,
                     bool accumulates, float *result) {
    vector_t sums[4];
    for (int i = 0; i < rows; ++i) {
        sums[i] = splat(0);
    }
    const size_t whole = columns / LANES * LANES;
    for (size_t k = 0; k < whole; k += LANES) {
        const vector_t value = load(vector + k);
        for (int i = 0; i < rows; ++i) {
            sums[i] += load(matrix + (size_t)i * columns + k) * value;
        }
    }
    for (int i = 0; i < rows; ++i) {
        float sum = sum_lanes(sums[i]);
        for (size_t k = whole; k < columns; ++k) {
            sum += matrix[(size_t)i * columns + k] * vector[k];
        }
        result[i] = accumulates ? result[i] + sum : sum;
    }
}

TARGET static void multiply_vector(const float *matrix, const float *vector, size_t rows,
                                   size_t columns, bool accumulates, float *result) {
    size_t row = 0;
    for (; row + 4 <= rows; row += 4) {
        dot_rows(matrix + row * columns, vector, columns, 4, accumulates, result + row);
    }
    for (; row < rows; ++row) {
        dot_rows(matrix + row * columns, vector, columns, 1, accumulates, result + row);
    }
}

TARGET static float dot(const float *a, const float *b, size_t count) {
    float result;
    dot_rows(a, b, count, 1, false, &result);
    return result;
}

// The sum over all taps of one channel vector of one pixel; `image` lies under the first tap.
#define SUM_TAPS(read, sum)                                                                        \
    for (size_t row = t->first_row; row < t->end_row; ++row) {                                     \
        const float *pixel = image + (ptrdiff_t)row * t->image_row;                                \
        const float *weights = t->filter + channel + (ptrdiff_t)row * t->filter_row;               \
        for (size_t column = t->first_column; column < t->end_column; ++column) {                  \
            (sum) += read(pixel + (ptrdiff_t)column * t->image_column) *                           \
                     read(weights + (ptrdiff_t)column * t->filter_column);                         \
        }                                                                                          \
    }

INLINE void convolve_channels(const shunt_matrix_taps_t *t, size_t channel) {
    const vector_t lower = splat(t->lower), upper = splat(t->upper);
    const vector_t bias = t->bias ? load(t->bias + channel) : splat(0);
    const float *image = t->image + channel;
    for (size_t p = 0; p < t->pixels; ++p, image += t->image_pixel) {
        vector_t sum = bias;
        SUM_TAPS(load, sum)
        store(t->result + p * t->channels + channel, limit(sum, lower, upper));
    }
}

typedef float quarter_t __attribute__((vector_size(LANES)));

INLINE quarter_t load_quarter(const float *address) {
    quarter_t value;
    memcpy(&value, address, sizeof value);
    return value;
}

INLINE void convolve_few_channels(const shunt_matrix_taps_t *t, size_t channel) {
    const quarter_t bias = t->bias ? load_quarter(t->bias + channel) : (quarter_t){0};
    const float *image = t->image + channel;
    for (size_t p = 0; p < t->pixels; ++p, image += t->image_pixel) {
        quarter_t sum = bias;
        SUM_TAPS(load_quarter, sum)
        float *target = t->result + p * t->channels + channel;
        for (int lane = 0; lane < LANES / 4; ++lane) {
            target[lane] = limit_one(sum[lane], t->lower, t->upper);
        }
    }
}

#define LOAD_ONE(address) (*(address))

INLINE void convolve_one_channel(const shunt_matrix_taps_t *t, size_t channel) {
    const float *image = t->image + channel;
    for (size_t p = 0; p < t->pixels; ++p, image += t->image_pixel) {
        float sum = t->bias ? t->bias[channel] : 0;
        SUM_TAPS(LOAD_ONE, sum)
        t->result[p * t->channels + channel] = limit_one(sum, t->lower, t->upper);
    }
}

TARGET static void convolve_taps(const shunt_matrix_taps_t *t) {
    size_t channel = 0;
    for (; channel + LANES <= t->channels; channel += LANES) {
        convolve_channels(t, channel);
    }
    for (; channel + LANES / 4 <= t->channels; channel += LANES / 4) {
        convolve_few_channels(t, channel);
    }
    for (; channel < t->channels; ++channel) {
        convolve_one_channel(t, channel);
    }
}

TARGET static void add_multiple(float factor, const float *x, float *y, size_t count) {
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        store(y + k, load(y + k) + splat(factor) * load(x + k));
    }
    for (; k < count; ++k) {
        y[k] += factor * x[k];
    }
}

// Adding and subtracting this rounds floats of small magnitude to integers.
#define ROUNDING_TERM 12582912.0f

INLINE vector_t nearest(vector_t value, float inverse, float lower, float upper) {
    const vector_t steps = limit(value * splat(inverse), splat(lower), splat(upper));
    return (steps + splat(ROUNDING_TERM)) - splat(ROUNDING_TERM);
}

TARGET static void quantize(float *values, size_t count, float scale, float inverse, float lower,
                            float upper) {
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        store(values + k, nearest(load(values + k), inverse, lower, upper) * splat(scale));
    }
    for (; k < count; ++k) {
        const float steps = limit_one(values[k] * inverse, lower, upper);
        values[k] = ((steps + ROUNDING_TERM) - ROUNDING_TERM) * scale;
    }
}

TARGET static shunt_matrix_extremes_t extremes(const float *values, size_t count) {
    shunt_matrix_extremes_t result = {0, 0, true};
    if (count == 0) {
        return result;
    }
    vector_t least = splat(values[0]), greatest = least;
    // The exponent of a special value has all its bits.
    mask_t special = (mask_t)splat(0);
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        const vector_t value = load(values + k);
        least = select_lanes(value < least, value, least);
        greatest = select_lanes(value > greatest, value, greatest);
        special |= ((mask_t)value & 0x7F800000) == 0x7F800000;
    }
    result.lower = least[0];
    result.upper = greatest[0];
    for (int lane = 0; lane < LANES; ++lane) {
        result.lower = least[lane] < result.lower ? least[lane] : result.lower;
        result.upper = greatest[lane] > result.upper ? greatest[lane] : result.upper;
        result.is_finite = result.is_finite && !special[lane];
    }
    for (; k < count; ++k) {
        result.lower = values[k] < result.lower ? values[k] : result.lower;
        result.upper = values[k] > result.upper ? values[k] : result.upper;
        result.is_finite = result.is_finite && isfinite(values[k]);
    }
    return result;
}

TARGET static float rounding_error(const float *values, const float *importance, size_t count,
                                   float step, float lower, float upper) {
    const float inverse = 1 / step;
    vector_t sums = splat(0);
    size_t k = 0;
    for (; k + LANES <= count; k += LANES) {
        const vector_t value = load(values + k);
        const vector_t error = nearest(value, inverse, lower, upper) * splat(step) - value;
        sums += load(importance + k) * error * error;
    }
    float sum = sum_lanes(sums);
    for (; k < count; ++k) {
        const float steps = limit_one(values[k] * inverse, lower, upper);
        const float error = ((steps + ROUNDING_TERM) - ROUNDING_TERM) * step - values[k];
        sum += importance[k] * error * error;
    }
    return sum;
}

// Lanes of doubles, half as many.
typedef double wide_t __attribute__((vector_size(4 * LANES)));
typedef float half_t __attribute__((vector_size(2 * LANES)));

INLINE wide_t load_wide(const float *address) {
    half_t value;
    memcpy(&value, address, sizeof value);
    return __builtin_convertvector(value, wide_t);
}

TARGET static void add_energies(const float *reference, const float *values, size_t count,
                                double *signal, double *noise) {
    wide_t energy = {0}, error = {0};
    size_t k = 0;
    for (; k + LANES / 2 <= count; k += LANES / 2) {
        const wide_t expected = load_wide(reference + k);
        const wide_t difference = load_wide(values + k) - expected;
        energy += expected * expected;
        error += difference * difference;
    }
    double energies = 0, errors = 0;
    for (int lane = 0; lane < LANES / 2; ++lane) {
        energies += energy[lane];
        errors += error[lane];
    }
    for (; k < count; ++k) {
        const double expected = reference[k];
        const double difference = values[k] - expected;
        energies += expected * expected;
        errors += difference * difference;
    }
    *signal += energies;
    *noise += errors;
}

const shunt_matrix_kernels_t KERNELS = {
    KERNELS_NAME, pack,     multiply, multiply_vector, convolve_taps, dot,
    add_multiple, quantize, extremes, rounding_error,  add_energies,
};
