/* Onsets, to the frame as librosa finds them: 22 050 Hz, 2048-point frames every 512
 * samples. */
#ifndef MOMUI_DSP_ONSET_H
#define MOMUI_DSP_ONSET_H

#include "base/memory.h"

#define MOMUI_ONSET_RATE 22050.0
enum { MOMUI_ONSET_HOP = 512, MOMUI_ONSET_FFT = 2048, MOMUI_ONSET_BANDS = 128 };

/* Strength of the onset at each frame: mean rise of 128 mel bands in dB. Frame n is at n 512 /
 * 22050 s. */
momu_status momui_onset_strength(momui_memory *memory, const float *mono, int64_t samples,
                                 double rate, float **envelope, int64_t *frames, momu_error *error);

typedef struct momui_peaks {
    int before_max, after_max, before_mean, after_mean, wait;
    double delta;
} momui_peaks;

/* Frames of an envelope that are the greatest of their window and `delta` above its mean (librosa's
 * peak_pick). */
momu_status momui_pick_peaks(momui_memory *memory, const float *envelope, int64_t frames,
                             const momui_peaks *rule, int64_t **peaks, size_t *count,
                             momu_error *error);

/* Onset times in seconds with the parameters of the LORIS beat scores: wait 1, delta 0.2, windows
 * of 3. */
momu_status momui_onset_detect(momui_memory *memory, const float *mono, int64_t samples,
                               double rate, double **times, size_t *count, momu_error *error);

#endif
