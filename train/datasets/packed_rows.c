#include "train/datasets/packed_rows.h"

#include "base/extremes.h"
#include <math.h>

enum { GREATEST = 65535 };

static void measure(const float *values, int64_t count, int32_t channels, float *low, float *step) {
    for (int32_t c = 0; c < channels; c++)
        low[c] = step[c] = count > 0 ? values[c] : 0;
    for (int64_t t = 1; t < count; t++)
        for (int32_t c = 0; c < channels; c++) {
            float value = values[t * channels + c];
            low[c] = momui_minf(low[c], value);
            step[c] = momui_maxf(step[c], value);
        }
    for (int32_t c = 0; c < channels; c++)
        step[c] = (step[c] - low[c]) / (float)GREATEST;
}

momu_status momui_rows_pack(momui_memory *memory, const float *values, int64_t count,
                            int32_t channels, momui_rows *rows, momu_error *error) {
    size_t size = 0;
    *rows = (momui_rows){.count = count, .channels = channels};
    if (momui_multiply((size_t)count, (size_t)channels, &size)) {
        rows->codes = momui_alloc(memory, size, sizeof *rows->codes);
        rows->scale = momui_alloc(memory, 2 * (size_t)channels, sizeof *rows->scale);
    }
    if (!rows->codes || !rows->scale) {
        momui_rows_release(rows);
        return momui_fail_memory(error, "a pair's frames");
    }
    const float *low = rows->scale, *step = rows->scale + channels;
    measure(values, count, channels, rows->scale, rows->scale + channels);
    for (int64_t t = 0; t < count; t++)
        for (int32_t c = 0; c < channels; c++) {
            float code = step[c] > 0 ? (values[t * channels + c] - low[c]) / step[c] + 0.5f : 0;
            rows->codes[t * channels + c] = (uint16_t)fminf(code, (float)GREATEST);
        }
    return MOMU_OK;
}

void momui_rows_get(const momui_rows *rows, int64_t index, float *out) {
    const float *low = rows->scale, *step = rows->scale + rows->channels;
    const uint16_t *codes = rows->codes + index * rows->channels;
    for (int32_t c = 0; c < rows->channels; c++)
        out[c] = low[c] + step[c] * (float)codes[c];
}

void momui_rows_release(momui_rows *rows) {
    momui_free(rows->codes);
    momui_free(rows->scale);
    *rows = (momui_rows){0};
}
