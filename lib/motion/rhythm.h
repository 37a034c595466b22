/* The rhythm of a motion, as envelopes and as the beat tracker's input: docs/features.md,
 * "Rhythm". */
#ifndef MOMUI_MOTION_RHYTHM_H
#define MOMUI_MOTION_RHYTHM_H

#include "motion/directogram.h"

/* Columns of a rhythm row: the directogram, then the acceleration and deceleration envelopes. */
enum { MOMUI_RHYTHM_ROWS = MOMUI_DIRECTIONS + 2 };

/* The acceleration envelope Q and the deceleration envelope R, (frames) 0..1; either pointer may be
 * NULL. `motion` is what momui_directogram() takes, at 62.5 fps. */
momu_status momui_rhythm_envelopes(momui_memory *memory, const momui_motion *motion,
                                   float **acceleration, float **deceleration, momu_error *error);

/* (frames, 10): the directogram divided by the 99th percentile of its sums and clipped to 1.5, then
 * Q and R: a rhythm that does not depend on the dancer's size. Up is up in keypoints, too.
 * `motion` as above. */
momu_status momui_rhythm_rows(momui_memory *memory, const momui_motion *motion, float **rows,
                              momu_error *error);

/* The 99th percentile of `values` (count), interpolated linearly between neighbours. */
momu_status momui_percentile99(momui_memory *memory, const float *values, int64_t count,
                               double *result, momu_error *error);

#endif
