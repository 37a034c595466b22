/* The rhythm of a motion: docs/features.md, "Rhythm". */
#ifndef MOMUI_MOTION_RHYTHM_H
#define MOMUI_MOTION_RHYTHM_H

#include "motion/motion.h"

enum {
    MOMUI_DIRECTIONS = 8, /* bins of the directogram, from -pi up */
    MOMUI_RHYTHM_ROWS = MOMUI_DIRECTIONS + 2
};

/* (frames, 8): how far the joints moved in each direction since the frame before, in the picture or
 * in the front plane of the heading frame. Frame 0 is zero. `motion` is canonical, keypoints, or
 * anything that momui_body_from_motion() takes. */
momu_status momui_directogram(momui_memory *memory, const momui_motion *motion, float **directogram,
                              momu_error *error);

/* `increase` Q and `arrest` R, (frames) 0..1; either pointer may be NULL. `motion` as above,
 * at 62.5 fps. */
momu_status momui_rhythm_curves(momui_memory *memory, const momui_motion *motion,
                                float **acceleration, float **deceleration, momu_error *error);

/* (frames, 10): the directogram over the 99th percentile of its sums, at most 1.5, then Q and R:
 * what a dance's rhythm is, whatever the size of the figure; up is up in keypoints, too. `motion`
 * as above. */
momu_status momui_rhythm_rows(momui_memory *memory, const momui_motion *motion, float **rows,
                              momu_error *error);

/* Seconds at which the dance brakes (or, paper_increase, at which it sets off). Any rate of motion.
 * Rising; none for a figure that stands still. */
momu_status momui_kinematic_beats(momui_memory *memory, const momui_motion *motion,
                                  bool paper_acceleration, double **times, size_t *count,
                                  momu_error *error);

/* The same from rhythm rows (frames, 10) that are there already, deceleration alone. */
momu_status momui_rhythm_beats(momui_memory *memory, const float *rows, int64_t frames,
                               double **times, size_t *count, momu_error *error);

#endif
