/* How loud and how noisy sound is, and a limiter. */
#ifndef MOMUI_DSP_LEVELS_H
#define MOMUI_DSP_LEVELS_H

#include "base/memory.h"

typedef struct momui_level_report {
    double peak, rms;   /* 0..1 and more */
    double flatness;    /* mean spectral flatness of frames that are not silent: 0 (tones) .. 1
                           (noise; white noise has 0.56) */
    int64_t not_finite; /* samples that are no number: counted here, and as silence above */
} momui_level_report;

/* `mono` at any rate. Shorter than 1024 samples: flatness 0. */
momu_status momui_levels(momui_memory *memory, const float *mono, int64_t samples,
                         momui_level_report *report, momu_error *error);

/* Turns the gain down ahead of peaks above `ceiling` (> 0), at most 128 samples before them, and
 * lets it come back within a second at 16 kHz. Sound below the ceiling stays as it is,
 * to the bit; nothing is louder than it afterwards; samples that are not finite become 0. */
void momui_limit(float *samples, int64_t count, float ceiling);

#endif
