/* A tensor of an open safetensors file, compared with what the caller expects, as numbers. */
#include "io/safetensors/safetensors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

float momui_f32_from_bf16(uint16_t bits) {
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

float momui_f32_from_f16(uint16_t bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double value = exponent == 31  ? (fraction ? (double)NAN : (double)INFINITY)
                   : exponent == 0 ? ldexp(fraction, -24)
                                   : ldexp(fraction + 1024, exponent - 25);
    return (float)(bits & 0x8000 ? -value : value);
}

uint16_t momui_bf16_from_f32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value))
        return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static const char *shape_text(char *out, size_t size, int32_t rank, const int64_t *shape) {
    size_t used = (size_t)snprintf(out, size, "(");
    for (int32_t i = 0; i < rank && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%lld", i ? ", " : "", (long long)shape[i]);
    if (used < size)
        snprintf(out + used, size - used, ")");
    return out;
}

static momu_status find_shaped(const momui_safetensors *file, const char *name, int32_t rank,
                               const int64_t *shape, const momui_safetensors_entry **entry,
                               momu_error *error) {
    const char *path = momui_safetensors_name(file);
    *entry = momui_safetensors_find(file, name);
    if (!*entry)
        return momui_fail(error, MOMU_ERROR_FORMAT, "%s: the tensor \"%.120s\" is missing", path,
                          name);
    bool same = (*entry)->rank == rank;
    for (int32_t i = 0; same && i < rank; i++)
        same = (*entry)->shape[i] == shape[i];
    if (same)
        return MOMU_OK;
    char found[120], expected[120];
    return momui_fail(error, MOMU_ERROR_FORMAT,
                      "%s: tensor \"%.120s\": its shape is %s, expected %s", path, name,
                      shape_text(found, sizeof found, (*entry)->rank, (*entry)->shape),
                      shape_text(expected, sizeof expected, rank, shape));
}

static uint32_t load32(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint16_t load16(const unsigned char *p) {
    return (uint16_t)(p[0] | p[1] << 8);
}

static void convert(const momui_safetensors_entry *entry, float *out) {
    for (size_t i = 0; i < entry->elements; i++) {
        if (entry->type == MOMUI_F32) {
            uint32_t bits = load32(entry->data + 4 * i);
            memcpy(&out[i], &bits, sizeof bits);
        } else {
            uint16_t bits = load16(entry->data + 2 * i);
            out[i] =
                entry->type == MOMUI_F16 ? momui_f32_from_f16(bits) : momui_f32_from_bf16(bits);
        }
    }
}

momu_status momui_safetensors_read_f32(const momui_safetensors *file, const char *name,
                                       int32_t rank, const int64_t *shape, float *out,
                                       momu_error *error) {
    const momui_safetensors_entry *entry = NULL;
    MOMUI_TRY(find_shaped(file, name, rank, shape, &entry, error));
    if (entry->type != MOMUI_F32 && entry->type != MOMUI_F16 && entry->type != MOMUI_BF16)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: tensor \"%.120s\": its type is %s, expected F32, F16 or BF16",
                          momui_safetensors_name(file), name, momui_dtype_name(entry->type));
    convert(entry, out);
    for (size_t i = 0; i < entry->elements; i++)
        if (!isfinite(out[i]))
            return momui_fail(error, MOMU_ERROR_NUMERIC,
                              "%s: tensor \"%.120s\": element %zu is %s, expected a finite number",
                              momui_safetensors_name(file), name, i,
                              isnan(out[i]) ? "NaN" : "infinite");
    return MOMU_OK;
}

momu_status momui_safetensors_read_raw(const momui_safetensors *file, const char *name,
                                       momui_dtype type, int32_t rank, const int64_t *shape,
                                       const unsigned char **data, momu_error *error) {
    const momui_safetensors_entry *entry = NULL;
    MOMUI_TRY(find_shaped(file, name, rank, shape, &entry, error));
    if (entry->type != type)
        return momui_fail(error, MOMU_ERROR_FORMAT,
                          "%s: tensor \"%.120s\": its type is %s, expected %s",
                          momui_safetensors_name(file), name, momui_dtype_name(entry->type),
                          momui_dtype_name(type));
    *data = entry->data;
    return MOMU_OK;
}
