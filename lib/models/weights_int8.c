#include "models/weights_int8.h"

#include "base/extremes.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST = 1024, NAME_SIZE = 256 };
static const char SCALE[] = ".int8_scale";

static int64_t count_of(int32_t rank, const int64_t *shape) {
    int64_t count = 1;
    for (int32_t i = 0; i < rank; i++)
        count *= shape[i]; /* of a tensor in memory: no overflow */
    return count;
}

bool momui_int8_fits(int32_t rank, const int64_t *shape) {
    return rank > 1 && shape[0] > 0 && count_of(rank, shape) >= LEAST;
}

/* One row; returns its scale. The greatest number becomes 127. */
static float quantise(const float *row, int64_t count, int8_t *out) {
    float most = 0;
    for (int64_t i = 0; i < count; i++)
        most = momui_maxf(most, fabsf(row[i]));
    float scale = most / 127;
    for (int64_t i = 0; i < count; i++)
        out[i] = scale > 0 ? (int8_t)lrintf(row[i] / scale) : 0;
    return scale;
}

momu_status momui_int8_write(momui_safetensors_writer *file, momui_arena *arena, const char *name,
                             int32_t rank, const int64_t *shape, const float *data,
                             momu_error *error) {
    char scale_name[NAME_SIZE];
    int64_t rows = shape[0], width = count_of(rank, shape) / rows;
    int8_t *bytes = momui_arena_alloc(arena, (size_t)(rows * width), sizeof *bytes);
    float *scales = momui_arena_alloc(arena, (size_t)rows, sizeof *scales);
    if (!bytes || !scales)
        return momui_fail_memory(error, "a model's weights as bytes");
    for (int64_t r = 0; r < rows; r++)
        scales[r] = quantise(data + r * width, width, bytes + r * width);
    snprintf(scale_name, sizeof scale_name, "%s%s", name, SCALE);
    MOMUI_TRY(momui_safetensors_writer_raw(file, name, MOMUI_I8, rank, shape, bytes, error));
    return momui_safetensors_writer_tensor(file, scale_name, 1, &rows, scales, false, error);
}

/* (rows) floats, which need not be aligned in the file. */
static momu_status read_scales(const momui_safetensors *file, const char *name, int64_t rows,
                               const unsigned char **scales, momu_error *error) {
    char scale_name[NAME_SIZE];
    snprintf(scale_name, sizeof scale_name, "%s%s", name, SCALE);
    return momui_safetensors_read_raw(file, scale_name, MOMUI_F32, 1, &rows, scales, error);
}

momu_status momui_int8_read(const momui_safetensors *file, const char *name, int32_t rank,
                            const int64_t *shape, float *out, bool *found, momu_error *error) {
    const momui_safetensors_entry *entry = momui_safetensors_find(file, name);
    *found = entry && entry->type == MOMUI_I8;
    if (!*found)
        return MOMU_OK;
    const unsigned char *bytes = NULL, *scales = NULL;
    MOMUI_TRY(momui_safetensors_read_raw(file, name, MOMUI_I8, rank, shape, &bytes, error));
    int64_t rows = rank > 0 ? shape[0] : 0, width = rows > 0 ? count_of(rank, shape) / rows : 0;
    MOMUI_TRY(read_scales(file, name, rows, &scales, error));
    for (int64_t r = 0; r < rows; r++) {
        float scale;
        memcpy(&scale, scales + (size_t)r * sizeof scale, sizeof scale);
        if (!(scale >= 0 && isfinite(scale)))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: tensor \"%.120s%s\": element %lld is %g; expected 0 or more",
                              momui_safetensors_name(file), name, SCALE, (long long)r,
                              (double)scale);
        for (int64_t i = r * width; i < (r + 1) * width; i++)
            out[i] = scale * (float)(int8_t)bytes[i];
    }
    return MOMU_OK;
}

bool momui_int8_is_scale(const momui_safetensors *file, const char *name) {
    char base[NAME_SIZE];
    size_t length = strlen(name), extension = sizeof SCALE - 1;
    if (length <= extension || length - extension >= sizeof base ||
        strcmp(name + length - extension, SCALE) != 0)
        return false;
    memcpy(base, name, length - extension);
    base[length - extension] = '\0';
    const momui_safetensors_entry *entry = momui_safetensors_find(file, base);
    return entry && entry->type == MOMUI_I8;
}
