/* Features as measured to the networks' scale, and back. */
#include "features/features.h"

#include <string.h>

const float momui_silent_mel = -5, momui_silent_wave = 0;

void momui_standardise(const float *rows, int64_t have, int64_t frames, const momui_tensor *mean,
                       const momui_tensor *std, const float *padding, float *out) {
    int64_t channels = mean->shape[0];
    for (int64_t t = 0; t < frames; t++) {
        const float *row = rows + (t < have ? t : have - 1) * channels;
        for (int64_t c = 0; c < channels; c++) {
            float value = t >= have && padding ? *padding : row[c];
            out[t * channels + c] = (value - mean->data[c]) / std->data[c];
        }
    }
}

void momui_restore(float *rows, int64_t frames, const momui_tensor *mean, const momui_tensor *std) {
    int64_t channels = mean->shape[0];
    for (int64_t i = 0; i < frames * channels; i++)
        rows[i] = rows[i] * std->data[i % channels] + mean->data[i % channels];
}

void momui_hold_last(float *rows, int64_t have, int64_t frames, int64_t channels) {
    for (int64_t t = have; t < frames; t++)
        memcpy(rows + t * channels, rows + (t - 1) * channels, (size_t)channels * sizeof *rows);
}
