/* Mel spectrograms, as the networks see sound (docs/MODEL.md section 2, SPEC B1). */
#ifndef MOMUI_DSP_MEL_H
#define MOMUI_DSP_MEL_H

#include "base/memory.h"

typedef struct momui_mel_config {
    int32_t sample_rate, hop, n_fft, bands;
    double low, high; /* Hz */
} momui_mel_config;

extern const momui_mel_config momui_mel_default; /* 16 kHz, 256, 1024, 80, 0..8000 */

/* Triangles on the Slaney scale with Slaney's area norm: (bands, n_fft/2 + 1). */
momu_status momui_mel_filters(momui_memory *memory, const momui_mel_config *config, float **filters,
                              momu_error *error);

/* floor(samples / hop) */
int64_t momui_mel_frames(const momui_mel_config *config, int64_t samples);

/* mono at config->sample_rate, clamped to -1..1 -> (frames, bands), log10 of at least 1e-5. Frame k is
 * centred at (k + 0.5) hop. */
momu_status momui_mel(momui_memory *memory, const momui_mel_config *config, const float *mono,
                      int64_t samples, float **mel, int64_t *frames, momu_error *error);

#endif
