/* Motion in time: other rates, other clocks, and the other side. */
#ifndef MOMUI_MOTION_CLOCK_H
#define MOMUI_MOTION_CLOCK_H

#include "motion/motion.h"

/* Frame i of a motion is the moment i / fps. Rotations go by slerp, joints' local translations
 * (mostly constant) and positions by lines; before the first and after the last frame the ends are
 * held. */

/* floor(frames / motion's fps x fps): as many frames as last as long. */
int64_t momui_motion_frames_at(const momui_motion *motion, double fps);

/* `frames` frames at `fps`; the first shows the moment `start` (seconds). Going down, the curves
 * are low-passed first; at the same rate from 0 it is an exact copy. Any kind of motion. A keypoint
 * between two is as sure as the less sure of them. */
momu_status momui_motion_resample(momui_memory *memory, const momui_motion *motion, double fps,
                                  double start, int64_t frames, momui_motion **out,
                                  momu_error *error);

/* Frame i shows the motion at source_times[i] (seconds). */
momu_status momui_motion_warp(momui_memory *memory, const momui_motion *motion,
                              const double *source_times, int64_t frames, double fps,
                              momui_motion **out, momu_error *error);

/* Left and right exchanged, on the canonical body. Twice is the same again. */
momu_status momui_motion_mirror(momui_memory *memory, const momui_motion *body, momui_motion **out,
                                momu_error *error);

#endif
