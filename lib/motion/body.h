/* Retargeting from any dancer to the canonical body: docs/features.md, "Canonical body". */
#ifndef MOMUI_MOTION_BODY_H
#define MOMUI_MOTION_BODY_H

#include "motion/motion.h"

/* From a skeleton with rotations, or from joint positions in space, by the names of the joints.
 * The result has the frames and rate of the source, the standard proportions at the scale of the
 * source's legs, and stands on the ground at y = 0. `missing` (may be NULL) gets one bit for
 * each canonical joint that the source lacks: spine, collars, neck, head, balls of the feet and
 * the pelvis are inferred from their neighbours; hips, knees, ankles, shoulders, elbows and
 * wrists are required, else UNSUPPORTED names the joint. */
momu_status momui_body_from_motion(momui_memory *memory, const momui_motion *source,
                                   momui_motion **body, uint32_t *missing, momu_error *error);

/* The ground of a take: the 5th percentile of the height of its lowest foot joint, less the .020 m
 * that the ball of the foot rests above it. */
momu_status momui_body_ground(momui_memory *memory, const momui_motion *body, double *ground,
                              momu_error *error);

#endif
