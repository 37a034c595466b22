/* Motion in time: resampling, warping, mirroring. */
#ifndef MOMUI_MOTION_CLOCK_H
#define MOMUI_MOTION_CLOCK_H

#include "motion/motion.h"

/* Frame i of a motion is at i / fps seconds. Rotations are interpolated by slerp, the local
 * translations of joints (mostly constant) and positions linearly; before the first and after
 * the last frame the ends are held. */

/* floor(frames / motion's fps x fps): the number of frames that last as long. */
int64_t momui_motion_frames_at(const momui_motion *motion, double fps);

/* Makes `frames` frames at `fps`, the first at `start` seconds. A lower rate low-passes first;
 * the same rate from 0 gives an exact copy. Takes every kind of motion. An interpolated keypoint
 * has the lower confidence of its two neighbours. */
momu_status momui_motion_resample(momui_memory *memory, const momui_motion *motion, double fps,
                                  double start, int64_t frames, momui_motion **out,
                                  momu_error *error);

/* Frame i is the motion at source_times[i] (seconds). */
momu_status momui_motion_warp(momui_memory *memory, const momui_motion *motion,
                              const double *source_times, int64_t frames, double fps,
                              momui_motion **out, momu_error *error);

/* Exchanges left and right of the canonical body. Mirroring twice gives the input. */
momu_status momui_motion_mirror(momui_memory *memory, const momui_motion *body, momui_motion **out,
                                momu_error *error);

#endif
