/* How loud and how noisy sound is, and a limiter. */
#ifndef MOMUI_DSP_LEVELS_H
#define MOMUI_DSP_LEVELS_H

#include "base/memory.h"

typedef struct momui_level_report {
    double peak, rms; /* 0..1 and more */
    double flatness;  /* mean spectral flatness of frames that are not silent: 0 (tones) .. 1 (white noise) */
} momui_level_report;

momu_status momui_levels(momui_memory *memory, const float *mono, int64_t samples,
                         momui_level_report *report, momu_error *error);

/* Turns the gain down where a peak would pass `ceiling`, 5 ms ahead at 16 kHz, and lets it come back slowly. */
void momui_limit(float *samples, int64_t count, float ceiling);

#endif
