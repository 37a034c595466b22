/* Kinematic beats of a motion: docs/features.md, "Rhythm". */
#ifndef MOMUI_MOTION_KINEMATIC_BEATS_H
#define MOMUI_MOTION_KINEMATIC_BEATS_H

#include "motion/motion.h"

/* The seconds of the deceleration peaks, rising; with `paper_acceleration` those of the
 * acceleration peaks, the paper's definition. Takes any frame rate and every motion that
 * momui_directogram() takes. A dancer who stands still has none. */
momu_status momui_kinematic_beats(momui_memory *memory, const momui_motion *motion,
                                  bool paper_acceleration, double **times, size_t *count,
                                  momu_error *error);

/* The same from rhythm rows (frames, 10) that are there already, deceleration alone. */
momu_status momui_rhythm_beats(momui_memory *memory, const float *rows, int64_t frames,
                               double **times, size_t *count, momu_error *error);

#endif
