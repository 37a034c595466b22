/* Any dancer onto the canonical body: docs/features.md, "Canonical body". */
#ifndef MOMUI_MOTION_BODY_H
#define MOMUI_MOTION_BODY_H

#include "motion/motion.h"

/* From a skeleton with rotations, or from joints' positions in space, by their names. The result
 * has the source's frames and rate, the standard proportions at the scale of the source's legs, and
 * stands on the ground at y = 0. `missing` (may be NULL) gets one bit for each canonical joint that
 * the source does not have: spine, collars, neck, head, balls of the feet and the pelvis are made
 * up from their neighbours; hips, knees, ankles, shoulders, elbows and wrists must be there, else
 * UNSUPPORTED names the joint. */
momu_status momui_body_from_motion(momui_memory *memory, const momui_motion *source,
                                   momui_motion **body, uint32_t *missing, momu_error *error);

/* The ground of a take: the 5th percentile of the height of its lowest foot joint, less the .020 m
 * that the ball of the foot rests above it. */
momu_status momui_body_ground(momui_memory *memory, const momui_motion *body, double *ground,
                              momu_error *error);

#endif
