/* Which way the body faces. */
#ifndef MOMUI_MOTION_HEADING_H
#define MOMUI_MOTION_HEADING_H

#include "motion/motion.h"

/* (frames) smoothed yaw in radians, unwrapped: docs/features.md, "Canonical body". `body` is
 * canonical. */
momu_status momui_heading(momui_memory *memory, const momui_motion *body, double **yaw,
                          momu_error *error);

/* Gaussian smoothing along time of (frames, channels), the ends held. `sigma` in frames; 0 copies.
 */
momu_status momui_smooth(momui_memory *memory, const double *in, int64_t frames, int32_t channels,
                         double sigma, double *out, momu_error *error);

#endif
