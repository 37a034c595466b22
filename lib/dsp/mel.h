/* Mel spectrograms, the input of the music networks (docs/features.md, "Mel"). */
#ifndef MOMUI_DSP_MEL_H
#define MOMUI_DSP_MEL_H

#include "base/memory.h"

typedef struct momui_mel_config {
    int32_t sample_rate, hop, n_fft, bands;
    double low, high; /* Hz */
} momui_mel_config;

extern const momui_mel_config momui_mel_default; /* 16 kHz, 256, 1024, 80, 0..8000 */

/* Refuses impossible settings: a hop beyond the window, a band that begins above its end, ... */
momu_status momui_mel_check(const momui_mel_config *config, momu_error *error);

/* Triangles on the Slaney scale with Slaney's area norm. */
typedef struct momui_mel_bank {
    int32_t bands, bins;  /* bins = n_fft/2 + 1 */
    float *filters;       /* (bands, bins) */
    int32_t *first, *end; /* (bands): the bins where a filter is not zero are first .. end - 1 */
} momui_mel_bank;

momu_status momui_mel_bank_open(momui_memory *memory, const momui_mel_config *config,
                                momui_mel_bank *bank, momu_error *error);
void momui_mel_bank_close(momui_mel_bank *bank); /* of zeros, too */
/* values (bins) -> out (bands) */
void momui_mel_bank_apply(const momui_mel_bank *bank, const float *values, float *out);
/* The transpose: values (bands) -> out (bins), each band spread over its filter */
void momui_mel_bank_spread(const momui_mel_bank *bank, const float *values, float *out);

/* The middle of band 0 .. bands - 1, in Hz. */
double momui_mel_band_hz(const momui_mel_config *config, int32_t band);

/* floor(samples / hop) */
int64_t momui_mel_frames(const momui_mel_config *config, int64_t samples);

/* mono at config->sample_rate, clamped to -1..1 -> (frames, bands), log10 of at least 1e-5. Frame k
 * is centred at (k + 0.5) hop. A sample that is not finite is refused. */
momu_status momui_mel(momui_memory *memory, const momui_mel_config *config, const float *mono,
                      int64_t samples, float **mel, int64_t *frames, momu_error *error);

#endif
